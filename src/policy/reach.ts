import type { Bounds } from "../classify/score-bounds.ts";
import type { Tier } from "./policy.ts";

/** Tiers that lie wholly outside of the scores that the classifier can give. */
export function unreachableTiers(tiers: readonly Tier[], { lowest, highest }: Bounds): readonly Tier[] {
  return tiers.filter((tier, index) => {
    const next = tiers[index + 1];
    return tier.low > highest || (next !== undefined && next.low <= lowest);
  });
}
