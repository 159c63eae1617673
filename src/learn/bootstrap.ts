import { countAt, rowAt } from "./number-at.ts";
import type { Random } from "./random.ts";
import { type Counts, onceEach, type Sample } from "./sample.ts";

/** A figure with its interval; null where the data does not define it. */
export interface Estimate {
  readonly value: number | null;
  /** The middle 95 % of the resamples. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Half of what lies outside a 95 % interval. */
const TAIL = 0.025;

/** A prompt is counted in a byte; of a sample of any size it is drawn about once. */
const MAX_COUNT = 255;

/** Most prompts that all resamples of a set draw together: 100 MB, and under two minutes of measuring. */
const MOST_DRAWN = 100_000_000;

/** As many resamples as wanted, or as many as a large set of prompts allows. */
export function boundResamples(size: number, wanted: number): number {
  return Math.min(wanted, Math.floor(MOST_DRAWN / Math.max(1, size)));
}

/**
 * The prompts once each, then resamples of them, drawn with replacement, those of a conversation together. Whatever is
 * compared must be measured on the same ones: that pairs the intervals (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993).
 */
export function drawResamples(
  { size, conversationOf }: Pick<Sample, "size" | "conversationOf">,
  resamples: number,
  random: Random,
): Counts[] {
  const units = conversationOf === undefined ? size : 1 + conversationOf.reduce((a, b) => Math.max(a, b), -1);
  const draws = Array.from({ length: resamples }, () => {
    const counts = new Uint8Array(units);
    for (let i = 0; i < units; i += 1) {
      const unit = Math.floor(random() * units);
      counts[unit] = Math.min(MAX_COUNT, (counts[unit] ?? 0) + 1);
    }
    return conversationOf === undefined || units === size ? counts : spreadCounts(counts, conversationOf);
  });
  return [onceEach(size), ...draws];
}

/** Of each prompt how often its conversation counts. */
function spreadCounts(counts: Counts, conversationOf: Uint32Array): Counts {
  const spread = new Uint8Array(conversationOf.length);
  for (let row = 0; row < spread.length; row += 1) spread[row] = countAt(counts, rowAt(conversationOf, row));
  return spread;
}

/**
 * The percentile interval of a figure.
 *
 * @param values on the prompts once each, then on each resample; NaN where undefined.
 */
export function toEstimate(values: readonly number[]): Estimate {
  const [value = Number.NaN, ...resampled] = values;
  if (!Number.isFinite(value)) return { value: null, low: null, high: null };
  const sorted = Float64Array.from(resampled.filter(Number.isFinite)).sort();
  return { value: round(value), low: quantile(sorted, TAIL), high: quantile(sorted, 1 - TAIL) };
}

/** A figure of one scorer minus that of another, resample by resample. */
export function toDifference(values: readonly number[], others: readonly number[]): Estimate {
  return toEstimate(values.map((value, i) => value - (others[i] ?? Number.NaN)));
}

/** Nearest rank, and null of nothing. */
function quantile(sorted: Float64Array, share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? null : round(value);
}

/** Six significant digits: more would be noise. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
