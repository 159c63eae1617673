import type { Candidate } from "./decision.ts";
import type { World } from "./eligible.ts";

/** Where in its tier's span a model without a price is placed. */
const UNPRICED = 0.5;

/**
 * How good the models of a pool are, 0..100: the number that the file gives, else by the span of the cheapest tier that
 * holds the model, and within the span by its price over the dearest of the pool. A model of no tier is placed as if it
 * were in the middle of the ladder.
 */
export function qualitiesOf(pool: readonly Candidate[], { policy }: World): number[] {
  const dearest = Math.max(...pool.map(({ estimatedCostUsd }) => estimatedCostUsd ?? 0));
  return pool.map(({ model, estimatedCostUsd }) => {
    const given = policy.traits.get(model)?.quality ?? null;
    if (given !== null) return given;
    const { tiers } = policy;
    const at = tiers.findIndex(({ models }) => models.some((entry) => entry.model === model));
    const below = at < 0 ? (tiers.length - 1) / 2 : at;
    const within = estimatedCostUsd === null || dearest === 0 ? UNPRICED : estimatedCostUsd / dearest;
    return (100 * (below + within)) / tiers.length;
  });
}
