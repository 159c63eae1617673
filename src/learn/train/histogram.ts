import { numberAt, rowAt } from "../number-at.ts";
import type { Random } from "../random.ts";
import type { Binned } from "./bins.ts";

/** Sums over the rows of a leaf, for each step of each feature. */
export interface Histogram {
  readonly features: Uint32Array;
  /** Steps of all features, one feature after the other, `STEPS` each. */
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  readonly rows: Uint32Array;
}

/** Room for the steps of a feature. */
const STEPS = 64;

/** What a split has to leave on both sides. */
export interface SplitLimits {
  readonly minLeafRows: number;
  /** Draws the place at which each feature is split. */
  readonly random: Random;
}

/** Rows whose step of a feature is at most `step` on one side, the others on the other. */
export interface Split {
  readonly feature: number;
  readonly step: number;
  /** How much less squared error is left, in weighted rows. */
  readonly gain: number;
}

/** Sums up the rows of a leaf. */
export function fillHistogram(
  { codes, rows: all }: Binned,
  fit: { readonly residual: Float64Array; readonly weights: Float64Array; readonly features: Uint32Array },
  leafRows: Uint32Array,
): Histogram {
  const size = fit.features.length * STEPS;
  const [sums, weights, rows] = [new Float64Array(size), new Float64Array(size), new Uint32Array(size)];
  for (let at = 0; at < fit.features.length; at += 1) {
    const column = rowAt(fit.features, at) * all;
    const start = at * STEPS;
    for (let i = 0; i < leafRows.length; i += 1) {
      const row = rowAt(leafRows, i);
      const step = start + (codes[column + row] ?? 0);
      const weight = numberAt(fit.weights, row);
      sums[step] = numberAt(sums, step) + numberAt(fit.residual, row) * weight;
      weights[step] = numberAt(weights, step) + weight;
      rows[step] = rowAt(rows, step) + 1;
    }
  }
  return { features: fit.features, sums, weights, rows };
}

/** The histogram of what remains of a whole without a part. */
export function subtract(whole: Histogram, part: Histogram): Histogram {
  return {
    features: whole.features,
    sums: whole.sums.map((sum, at) => sum - numberAt(part.sums, at)),
    weights: whole.weights.map((weight, at) => weight - numberAt(part.weights, at)),
    rows: whole.rows.map((rows, at) => rows - rowAt(part.rows, at)),
  };
}

/** Of one place for each feature, drawn by lot, the split that explains most; null where none explains anything. */
export function bestSplit(histogram: Histogram, limits: SplitLimits): Split | null {
  let best: Split | null = null;
  const whole = totals(histogram);
  for (let at = 0; at < histogram.features.length; at += 1) {
    const found = drawnOfFeature(histogram, at, { ...limits, whole });
    if (found !== null && found.gain > (best?.gain ?? 0)) {
      best = { ...found, feature: rowAt(histogram.features, at) };
    }
  }
  return best;
}

interface Totals {
  readonly sum: number;
  readonly weight: number;
  readonly rows: number;
}

/** The first feature's steps together: every row stands in one of them. */
function totals({ sums, weights, rows }: Histogram): Totals {
  const total = { sum: 0, weight: 0, rows: 0 };
  for (let step = 0; step < STEPS; step += 1) {
    total.sum += numberAt(sums, step);
    total.weight += numberAt(weights, step);
    total.rows += rowAt(rows, step);
  }
  return total;
}

function drawnOfFeature(
  { sums, weights, rows }: Histogram,
  at: number,
  { minLeafRows, random, whole }: SplitLimits & { readonly whole: Totals },
): Pick<Split, "step" | "gain"> | null {
  const start = at * STEPS;
  const before = whole.sum ** 2 / whole.weight;
  const drawn = { step: -1, gain: 0 };
  let [sum, weight, count, places] = [0, 0, 0, 0];
  for (let step = 0; step < STEPS - 1; step += 1) {
    sum += numberAt(sums, start + step);
    weight += numberAt(weights, start + step);
    count += rowAt(rows, start + step);
    if (count < minLeafRows || whole.rows - count < minLeafRows || rowAt(rows, start + step) === 0) continue;
    places += 1;
    // Each place is as likely as the others to be left in the end.
    if (random() * places >= 1) continue;
    drawn.step = step;
    drawn.gain = sum ** 2 / weight + (whole.sum - sum) ** 2 / (whole.weight - weight) - before;
  }
  return drawn.step === -1 ? null : drawn;
}
