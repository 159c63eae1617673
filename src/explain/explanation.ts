import type { Decision } from "../decide/decision.ts";
import type { Asked } from "./change.ts";
import { type Flip, findFlips, withMemory } from "./flips.ts";
import { findNearRules, type NearRule } from "./near-rules.ts";

/** What would have led to another decision. */
export interface Explanation {
  /** The nearest scores first, then what else could have been otherwise. */
  readonly flips: readonly Flip[];
  readonly nearRules: readonly NearRule[];
  /** What plays no part here or cannot be told, in sentences. */
  readonly notes: readonly string[];
}

/** Explains a decision by deciding again with one thing changed at a time. For people: it decides some dozen times. */
export function explainDecision(asked: Asked, decision: Decision): Explanation {
  const once = withMemory(asked);
  const flips = findFlips(once, decision);
  return { flips, nearRules: findNearRules(once, decision), notes: notesOf(flips, decision) };
}

function notesOf(flips: readonly Flip[], { method, score, tier }: Decision): string[] {
  if (method === "passthrough")
    return ["a model that is asked for by its own name is served whatever the request is"];
  if (tier === null) return ["an alias of models takes no score"];
  if (score === null) return ["no classifier was asked, so no score decides"];
  const isByScore = flips.some(({ change }) => change.kind === "score");
  return isByScore ? [] : ["no other score alone would lead elsewhere"];
}
