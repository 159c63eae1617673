import type { Explanation } from "../explain/explanation.ts";
import { changeInWords, type Told, targetInWords } from "../explain/flip-words.ts";
import type { NearRule } from "../explain/near-rules.ts";

/** Writes what would have led elsewhere for people, the nearest first. */
export function describeExplanation({ flips, nearRules, notes }: Explanation, told: Told): string {
  const changes = flips.map((flip) => `${changeInWords(flip.change, told)}: ${targetInWords(flip, told)}`);
  const lines = [...changes, ...nearRules.map((near) => describeNear(near, told)), ...notes];
  return ["what would flip it", ...lines.map((line) => `  ${line}`)].join("\n");
}

function describeNear(near: NearRule, told: Told): string {
  const { rule, condition, wanted, found, flip, isKnown } = near;
  const missed = wanted === null ? condition : `${condition} wants ${wanted}, found ${found ?? "not logged"}`;
  const nearly = `rule "${rule}" nearly matched: ${missed}`;
  if (!isKnown) return nearly;
  return `${nearly}; with it: ${flip === null ? "the same" : targetInWords(flip, told)}`;
}
