import type { Decision } from "../decide/decision.ts";
import type { Policy, Tier } from "../policy/policy.ts";
import type { Change } from "./change.ts";
import type { Flip } from "./flips.ts";

/** What a flip is told with. */
export interface Told {
  /** Of the decision; null where no classifier was asked. */
  readonly score: number | null;
  readonly tiers: readonly Tier[];
  /** Why models cannot take the request, by name. */
  readonly refusals: ReadonlyMap<string, string>;
}

/** What the flips of a decision are told with. */
export function toldOf({ score, trace }: Decision, { tiers }: Policy): Told {
  const looked = trace.flatMap((step) => (step.step === "candidates" ? step.candidates : []));
  const refusals = looked.flatMap(({ model, refusal }) =>
    refusal === null ? [] : [[model, refusal] as const],
  );
  return { score, tiers, refusals: new Map(refusals) };
}

/** A change in words, as the first half of a sentence: `score 47 or more (0.70 higher)`. */
export function changeInWords(change: Change, { score, tiers, refusals }: Told): string {
  switch (change.kind) {
    case "score":
      return scoreInWords(change.score, score ?? 0, tiers);
    case "without_rule":
      return `without the rule "${change.rule}"`;
    case "with_rule":
      return `had the rule "${change.rule}" matched`;
    case "able":
      return `if ${change.model} could take it (${refusals.get(change.model) ?? "refused"})`;
    case "without_headers":
      return `without the header${change.headers.length > 1 ? "s" : ""} ${change.headers.join(", ")}`;
    case "without_history":
      return "as the first turn of a conversation";
    case "without_raise":
      return `had ${change.found} not raised it`;
    case "without_hold":
      return "had the prompt cache not held it";
    case "without_lot":
      return "if no tier had been tried by lot";
    default:
      return change satisfies never;
  }
}

/** Where a flip leads: `simple (0-44), local-small`, and by which score where that was not what decided. */
export function targetInWords({ change, tier, model, score }: Flip, { tiers }: Told): string {
  const found = tiers.find(({ name }) => name === tier);
  const range = found === undefined ? "" : ` (${found.low}-${found.high})`;
  const by = score === null || !isByScoreThen(change) ? "" : `, by score ${score.toFixed(1)}`;
  return tier === null ? model : `${tier}${range}, ${model}${by}`;
}

/** Whether the change takes away what stood above the score. */
function isByScoreThen({ kind }: Change): boolean {
  switch (kind) {
    case "without_headers":
    case "without_rule":
    case "without_raise":
    case "without_hold":
      return true;
    case "score":
    case "with_rule":
    case "able":
    case "without_history":
    case "without_lot":
      return false;
    default:
      return kind satisfies never;
  }
}

/** A score just below a tier's lowest is said as what it stays below. */
function scoreInWords(to: number, from: number, tiers: readonly Tier[]): string {
  const by = Math.abs(to - from).toFixed(2);
  if (to > from) return `score ${to} or more (${by} higher)`;
  const above = tiers.find(({ low }) => low > to);
  return `score below ${above?.low ?? to} (${by} lower)`;
}
