import { numberAt } from "../number-at.ts";

/** The chance that a raw score means is 1 / (1 + exp(-(slope x raw + intercept))). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/** Newton's method settles within a few steps. */
const MAX_STEPS = 50;
const ENOUGH = 1e-9;

/** A little L2 keeps the slope finite where the data could be parted without a mistake. */
const RIDGE = 1e-3;

/** Below this a score would not rise with the raw one, and its order would be lost. */
const MIN_SLOPE = 1e-3;

const DIGITS = 6;

/**
 * Platt scaling (1999): logistic regression of what came true on the raw score. Strictly rising, so that no two
 * requests become alike. Scores of rows that the model was not trained on make an honest one.
 *
 * @param observed what came true, 0..1.
 */
export function fitCalibration(
  raw: Float64Array,
  { observed, weights }: { readonly observed: Float64Array; readonly weights: Float64Array },
): Calibration {
  // From even chances on, where the curve is steepest, the steps do not overshoot.
  let [slope, intercept] = [0, 0];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const [a, b, aa, ab, bb] = derivatives(raw, { observed, weights, slope, intercept });
    const determinant = aa * bb - ab * ab;
    const [byA, byB] = [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
    slope -= byA;
    intercept -= byB;
    if (Math.abs(byA) + Math.abs(byB) < ENOUGH) break;
  }
  return {
    slope: Number(Math.max(MIN_SLOPE, slope).toPrecision(DIGITS)),
    intercept: Number(intercept.toPrecision(DIGITS)),
  };
}

interface Point {
  readonly observed: Float64Array;
  readonly weights: Float64Array;
  readonly slope: number;
  readonly intercept: number;
}

/** First and second derivatives of the log-loss by slope and intercept. */
function derivatives(raw: Float64Array, { observed, weights, slope, intercept }: Point) {
  let [a, b, aa, ab, bb] = [RIDGE * slope, RIDGE * intercept, RIDGE, 0, RIDGE];
  for (let row = 0; row < raw.length; row += 1) {
    const value = numberAt(raw, row);
    const chance = 1 / (1 + Math.exp(-(slope * value + intercept)));
    const weight = numberAt(weights, row);
    const error = weight * (chance - numberAt(observed, row));
    const curve = weight * chance * (1 - chance);
    a += error * value;
    b += error;
    aa += curve * value * value;
    ab += curve * value;
    bb += curve;
  }
  return [a, b, aa, ab, bb] as const;
}
