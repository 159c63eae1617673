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

/** Below this a score would not rise with the raw one. */
const MIN_SLOPE = 1e-3;

/** A curve that rises by less for a deviation of the raw scores, in logits, tells nearly all requests the same chance. */
const LEAST_RISE = 0.1;

/** Means are kept off the ends, where the curve is flat: 0..1. */
const [LOWEST_MEAN, HIGHEST_MEAN] = [0.05, 0.95];

const DIGITS = 6;

/**
 * Platt scaling (1999): logistic regression of what came true on the raw score; never falling. Scores of rows that the
 * model was not trained on make an honest one.
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
    slope: rounded(Math.max(MIN_SLOPE, slope)),
    intercept: rounded(intercept),
  };
}

/** A calibration, and what it makes of a score. */
export interface Curve {
  readonly calibration: Calibration;
  /** The score claims a chance; else it only orders. */
  readonly isChance: boolean;
}

/**
 * The curve that `fitCalibration` gives where it tells requests apart. Where what is predicted does not come true more
 * often the higher the raw score is, there is no chance to claim, and the order would be lost in scores that are all
 * alike: then a curve that spreads them, one deviation to a logit, around the mean of what came true.
 */
export function fitCurve(
  raw: Float64Array,
  outcome: { readonly observed: Float64Array; readonly weights: Float64Array },
): Curve {
  const fitted = fitCalibration(raw, outcome);
  const mean = weightedMean(raw, outcome.weights);
  const deviation = Math.sqrt(
    weightedMean(
      raw.map((value) => (value - mean) ** 2),
      outcome.weights,
    ),
  );
  if (deviation === 0 || fitted.slope * deviation >= LEAST_RISE)
    return { calibration: fitted, isChance: true };
  const chance = Math.min(
    HIGHEST_MEAN,
    Math.max(LOWEST_MEAN, weightedMean(outcome.observed, outcome.weights)),
  );
  const slope = 1 / deviation;
  const intercept = Math.log(chance / (1 - chance)) - slope * mean;
  return { calibration: { slope: rounded(slope), intercept: rounded(intercept) }, isChance: false };
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row += 1) {
    sum += numberAt(weights, row) * numberAt(values, row);
    total += numberAt(weights, row);
  }
  return total > 0 ? sum / total : 0;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
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
