import type { Category } from "../classify/category/categories.ts";
import type { Policy, Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Candidate } from "./decision.ts";
import { assess, costAtAsk } from "./eligible.ts";
import { type Picked, type PickWorld, pickOrder } from "./pick.ts";

/** Most candidates that an answer names. */
const MAX_CANDIDATES = 16;

/** A ladder that was looked at from the bottom to the top. */
export interface Ladder extends Picked {
  /** Every model that was looked at, the refused ones too. */
  readonly looked: readonly Candidate[];
}

/** What a request wants of the order within each pool. */
export interface ClimbOptions {
  readonly world: PickWorld;
  readonly category: Category | null;
  readonly prefer: string | null;
}

/**
 * The whole ladder for a request that belongs into `tier`: the tier's own pool, then the dearer tiers
 * upwards, then the cheaper ones downwards. Only eligible models are candidates, each once.
 */
export function climb(tier: Tier, request: RouteRequest, options: ClimbOptions): Ladder {
  const { tiers } = options.world.policy;
  const at = tiers.findIndex(({ name }) => name === tier.name);
  const looked: Candidate[] = [];
  const candidates: Candidate[] = [];
  let head: Picked | null = null;
  for (let step = 0; step < tiers.length; step += 1) {
    const above = at + step;
    const rung = step === 0 ? tier : (tiers[above < tiers.length ? above : tiers.length - 1 - step] ?? tier);
    const pool = orderTier(rung, request, options);
    looked.push(...pool.looked);
    candidates.push(...pool.candidates);
    if (pool.candidates.length > 0) head ??= pool;
  }
  const { propensity = 1, first = new Map() } = head ?? {};
  return { looked, candidates: distinct(candidates), propensity, first };
}

function orderTier(tier: Tier, request: RouteRequest, options: ClimbOptions): Ladder {
  const rungs = tier.models.map(({ model }) => ({ model, tier: tier.name }));
  const looked = assess(rungs, request, options.world);
  const costOf = costAtAsk(request, options.world);
  const picked = pickOrder(looked, { ...options, costOf, pick: tier.pick, weights: tier.models });
  return { looked: [...picked.candidates, ...refusedOf(looked)], ...picked };
}

/** The models that cannot take a request. */
export function refusedOf(looked: readonly Candidate[]): Candidate[] {
  return looked.filter((candidate) => !candidate.eligible);
}

/** Drops repeated models and what is beyond the limit. */
export function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  const unseen = candidates.filter(({ model }) => !seen.has(model) && seen.add(model));
  return unseen.slice(0, MAX_CANDIDATES);
}

/** The tier that a score belongs to: tier i is [low_i, low_{i+1}), the last one closed. */
export function tierOfScore(score: number, tiers: readonly Tier[]): Tier {
  return tiers.findLast((tier) => tier.low <= score) ?? lowestTier(tiers);
}

/** @throws {RangeError} never for a loaded policy: it has at least one tier. */
function lowestTier(tiers: readonly Tier[]): Tier {
  const [lowest] = tiers;
  if (lowest === undefined) throw new RangeError("Cannot route: found no tier, expected at least one");
  return lowest;
}

/** The tier that serves when nothing else decides. */
export function fallbackTier(policy: Policy): Tier {
  return policy.tiers.find((tier) => tier.name === policy.fallbackTier) ?? lowestTier(policy.tiers);
}

/** The tier of that name; null where there is none, or no name. */
export function findTier(name: string | null, tiers: readonly Tier[]): Tier | null {
  return tiers.find((tier) => tier.name === name) ?? null;
}

/** Lowest and highest tier; null: none. */
interface TierBounds {
  readonly minTier: string | null;
  readonly maxTier: string | null;
}

/**
 * The cheapest tier within floor and ceiling that a model is in, where none of its tiers is within them the cheapest of
 * all; null where it is in none, or there is no model.
 */
export function tierOfModel(model: string | null, bounds: TierBounds, tiers: readonly Tier[]): Tier | null {
  const homes = tiers.filter(({ models }) => models.some((entry) => entry.model === model));
  return homes.find((tier) => boundTier(tier, bounds, tiers) === tier) ?? homes[0] ?? null;
}

/** The tier, moved into floor and ceiling. Where they contradict each other the floor holds. */
export function boundTier(tier: Tier, { minTier, maxTier }: TierBounds, tiers: readonly Tier[]): Tier {
  const ceiling = findTier(maxTier, tiers);
  const lowered = ceiling !== null && tier.low > ceiling.low ? ceiling : tier;
  const floor = findTier(minTier, tiers);
  return floor !== null && lowered.low < floor.low ? floor : lowered;
}
