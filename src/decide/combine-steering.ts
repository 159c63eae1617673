import type { Tier } from "../policy/policy.ts";
import type { Steering } from "./steering.ts";

/**
 * What two ask together: model, tier, pick and mode as the first has them, as the second where the first has none;
 * the higher floor, the lower ceiling, the lower limits.
 */
export function combineSteering(first: Steering, second: Steering, tiers: readonly Tier[]): Steering {
  const { by, because, model, tier } = first.by === null ? second : first;
  return {
    by,
    because,
    model,
    tier,
    ...stricterFloor(first, second, tiers),
    ...stricterCeiling(first, second, tiers),
    pick: first.pick ?? second.pick,
    mode: first.mode ?? second.mode,
    maxCostUsd: lower(first.maxCostUsd, second.maxCostUsd),
    maxLatencyMs: lower(first.maxLatencyMs, second.maxLatencyMs),
    prefer: first.prefer ?? second.prefer,
    hint: first.hint ?? second.hint,
  };
}

function stricterFloor(first: Steering, second: Steering, tiers: readonly Tier[]) {
  const isSecond = heightOf(second.minTier, tiers, -1) > heightOf(first.minTier, tiers, -1);
  const { minTier, minTierBecause } = isSecond ? second : first;
  return { minTier, minTierBecause };
}

function stricterCeiling(first: Steering, second: Steering, tiers: readonly Tier[]) {
  const top = tiers.length;
  const isSecond = heightOf(second.maxTier, tiers, top) < heightOf(first.maxTier, tiers, top);
  const { maxTier, maxTierBecause } = isSecond ? second : first;
  return { maxTier, maxTierBecause };
}

/** Place of a tier on the ladder; `none` where there is no such tier. */
function heightOf(name: string | null, tiers: readonly Tier[], none: number): number {
  const at = tiers.findIndex((tier) => tier.name === name);
  return at < 0 ? none : at;
}

function lower(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
