import type { Category } from "../classify/category/categories.ts";
import { type CodeFacts, readCode } from "../classify/code-signals.ts";
import type { LanguageCode } from "../classify/language/language-codes.ts";
import type { LocalTime, TimeZone } from "../policy/rule.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { scoredTurn } from "./conversation.ts";
import { estimateInputTokens } from "./input-tokens.ts";
import { categoryOfTurn, languageOfTurn } from "./turn-kind.ts";

/** What rules ask about a request; what takes time is found out when it is first asked for, and once. */
export interface RuleSubject {
  readonly request: RouteRequest;
  /** The newest human turn that carries a signal, else the newest; "" where there is none. */
  readonly text: () => string;
  /** Of the request as it was at its newest human turn. */
  readonly inputTokens: () => number;
  /** Of the same turn, as category and language are. */
  readonly code: () => CodeFacts;
  /** null where there is no human turn. */
  readonly category: () => Category | null;
  readonly language: () => LanguageCode | null;
  readonly localTime: (zone: TimeZone) => LocalTime;
}

/**
 * Makes the subject of a request at a moment. "Go on" goes on with what a rule found in the words before, so the turn that
 * is read is the one that is scored.
 */
export function createRuleSubject(
  request: RouteRequest,
  { policy, now }: Pick<Context, "policy" | "now">,
): RuleSubject {
  const turn = once(() => scoredTurn(request, policy));
  const text = () => turn()?.text ?? "";
  const times = new Map<string, LocalTime>();
  return {
    request,
    text,
    inputTokens: once(() => estimateInputTokens(request)),
    code: once(() => readCode(text())),
    category: () => categoryOfTurn(request, turn()),
    language: () => languageOfTurn(turn()),
    localTime: (zone) => {
      const time = times.get(zone.name) ?? zone.at(now);
      times.set(zone.name, time);
      return time;
    },
  };
}

function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
