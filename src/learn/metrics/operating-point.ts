import { countAt, numberAt } from "../number-at.ts";
import type { Counts, Rung } from "../sample.ts";

/** What tiers reach together, when each prompt goes to the rung of its tier. */
export interface OperatingPoint {
  /** Mean quality, 0..1. */
  readonly quality: number;
  /** Mean cost of a prompt, in the sample's unit. */
  readonly cost: number;
  /** Share of prompts where a dearer rung is better than the chosen one. */
  readonly underRouting: number;
  /** Share of prompts where a cheaper rung is at least as good as the chosen one. */
  readonly overRouting: number;
  /**
   * Quality over a random router of the same cost, which sends a share of prompts to the dearest rung and the others
   * to the cheapest; NaN where the dearest rung costs no more.
   */
  readonly lift: number;
}

/** What each prompt meets at the rung that it goes to; lists run alike. */
export interface Routed extends Rung {
  /** 1 where a dearer rung is better, else 0. */
  readonly isUnder: Float64Array;
  /** 1 where a cheaper rung is at least as good, else 0. */
  readonly isOver: Float64Array;
}

/**
 * Sends each prompt to its rung.
 *
 * @param rungs cheapest first, at least one.
 * @param chosen index of the rung of each prompt.
 */
export function sendToRungs(rungs: readonly Rung[], chosen: Uint8Array): Routed {
  const qualityOf = (rung: number, row: number) => rungs[rung]?.quality[row] ?? 0;
  const isAny = (test: (rung: number) => boolean) => (rungs.some((_, i) => test(i)) ? 1 : 0);
  return {
    quality: Float64Array.from(chosen, qualityOf),
    cost: Float64Array.from(chosen, (rung, row) => rungs[rung]?.cost[row] ?? 0),
    isUnder: Float64Array.from(chosen, (at, row) =>
      isAny((i) => i > at && qualityOf(i, row) > qualityOf(at, row)),
    ),
    isOver: Float64Array.from(chosen, (at, row) =>
      isAny((i) => i < at && qualityOf(i, row) >= qualityOf(at, row)),
    ),
  };
}

/** Measures what was sent to the rungs. */
export function operatingPoint(routed: Routed, rungs: readonly Rung[], counts: Counts): OperatingPoint {
  const quality = weightedMean(routed.quality, counts);
  const cost = weightedMean(routed.cost, counts);
  return {
    quality,
    cost,
    underRouting: weightedMean(routed.isUnder, counts),
    overRouting: weightedMean(routed.isOver, counts),
    lift: quality - randomQuality(rungs, cost, counts),
  };
}

/** Mean quality of mixing the cheapest and the dearest rung at random until the mean cost is `cost`. */
function randomQuality(rungs: readonly Rung[], cost: number, counts: Counts): number {
  const [weak, strong] = [rungs[0], rungs.at(-1)];
  if (weak === undefined || strong === undefined) return Number.NaN;
  const [cheap, dear] = [weightedMean(weak.cost, counts), weightedMean(strong.cost, counts)];
  if (!(dear > cheap)) return Number.NaN;
  const [low, high] = [weightedMean(weak.quality, counts), weightedMean(strong.quality, counts)];
  return low + ((cost - cheap) / (dear - cheap)) * (high - low);
}

/** The mean of a figure over the prompts, each as often as it counts. */
export function weightedMean(values: Float64Array, counts: Counts): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < counts.length; row += 1) {
    sum += countAt(counts, row) * numberAt(values, row);
    total += countAt(counts, row);
  }
  return sum / total;
}
