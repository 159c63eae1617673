import type { Tier } from "../policy/policy.ts";
import type { Context } from "./context.ts";
import { boundTier, type Ladder } from "./ladder.ts";
import type { OpenedTier } from "./open-tier.ts";
import type { Steering } from "./steering.ts";

/** A tier that could have been drawn, and the chance of that. */
interface Branch {
  readonly tier: Tier;
  readonly chance: number;
}

/** A tier that was drawn by lot. */
export interface Exploration {
  readonly tier: Tier;
  /** All that could have been drawn, the request's own tier first; their chances add up to 1. */
  readonly branches: readonly Branch[];
}

/**
 * Draws the tier of a request: its own, or with the chance `explore` one next to it within floor and ceiling.
 *
 * @returns null where nothing is random: what a rule, an override or the words of the human ask for stands.
 */
export function exploreTier(
  opened: OpenedTier,
  { steering, context }: { readonly steering: Steering; readonly context: Context },
): Exploration | null {
  const { policy, draws } = context;
  if (policy.explore === 0 || draws === undefined) return null;
  if (steering.by !== null || opened.found === null || opened.found.raise !== null) return null;
  const neighbours = neighboursOf(opened.tier, policy.tiers).filter(
    (tier) => boundTier(tier, steering, policy.tiers) === tier,
  );
  if (neighbours.length === 0) return null;
  const branches = [
    { tier: opened.tier, chance: 1 - policy.explore },
    ...neighbours.map((tier) => ({ tier, chance: policy.explore / neighbours.length })),
  ];
  const drawn = neighbours[Math.floor(draws.neighbour * neighbours.length)] ?? opened.tier;
  return { tier: draws.explore < policy.explore ? drawn : opened.tier, branches };
}

function neighboursOf({ name }: Tier, tiers: readonly Tier[]): Tier[] {
  const at = tiers.findIndex((tier) => tier.name === name);
  return tiers.filter((_, index) => Math.abs(index - at) === 1);
}

/**
 * The chance with which a model comes first: over all tiers that could have been drawn, the chance of the tier times
 * that of the model within its ladder.
 *
 * @param climbTo the ladder from a tier on.
 */
export function chanceOfModel(
  model: string,
  { branches }: Exploration,
  climbTo: (tier: Tier) => Ladder,
): number {
  const chances = branches.map(({ tier, chance }) => chance * chanceInLadder(model, climbTo(tier)));
  return chances.reduce((sum, chance) => sum + chance, 0);
}

/** `first` is the only one where nothing is random, else a split's shares. */
function chanceInLadder(model: string, { first }: Ladder): number {
  return first.get(model) ?? 0;
}
