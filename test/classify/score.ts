import { createStaticClassifier } from "../../src/classify/static.ts";
import type { StaticConfig } from "../../src/classify/static-config.ts";
import { STATIC_DEFAULTS } from "../../src/classify/static-defaults.ts";
import type { Signal, Verdict } from "../../src/classify/verdict.ts";
import { read } from "../request/read.ts";

const classifyByDefault = createStaticClassifier(STATIC_DEFAULTS);

/** Scores the newest human turn of a body. */
export function scoreBody(body: Record<string, unknown>, classify = classifyByDefault): Verdict {
  const request = read(body);
  return classify(request, request.turns.at(-1) ?? { text: "", chars: 0 });
}

/** Scores a lone prompt. */
export function scorePrompt(content: string, classify = classifyByDefault): Verdict {
  return scoreBody({ messages: [{ role: "user", content }] }, classify);
}

/** The named signal of a verdict. */
export function signal(verdict: Verdict, name: string): Signal {
  const signals = verdict.signals();
  const found = signals.find((candidate) => candidate.name === name);
  if (found === undefined)
    throw new Error(`Cannot find the signal ${name}: found ${signals.map((s) => s.name)}`);
  return found;
}

/** A classifier with some settings changed. */
export function classifierWith(changes: Partial<StaticConfig>) {
  return createStaticClassifier({ ...STATIC_DEFAULTS, ...changes });
}
