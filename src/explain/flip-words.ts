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
      return "without the headers that ask for something";
    case "without_history":
      return "as the first turn of a conversation";
    case "without_lot":
      return "if no tier had been tried by lot";
    default:
      return change satisfies never;
  }
}

/** Where a flip leads: `simple (0-46), local-small`. */
export function targetInWords({ tier, model }: Flip, { tiers }: Told): string {
  const found = tiers.find(({ name }) => name === tier);
  const range = found === undefined ? "" : ` (${found.low}-${found.high})`;
  return tier === null ? model : `${tier}${range}, ${model}`;
}

/** A score just below a tier's lowest is said as what it stays below. */
function scoreInWords(to: number, from: number, tiers: readonly Tier[]): string {
  const by = Math.abs(to - from).toFixed(2);
  if (to > from) return `score ${to} or more (${by} higher)`;
  const above = tiers.find(({ low }) => low > to);
  return `score below ${above?.low ?? to} (${by} lower)`;
}
