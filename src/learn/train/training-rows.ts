import type { Features } from "../../classify/features/read-features.ts";
import { numberAt } from "../number-at.ts";

/** What a trainer reads of each request: lists run alike, one entry a row. */
export interface TrainingRows {
  /** Features as `readFeatures` gives them, or as the log keeps them. */
  readonly numbers: readonly Float32Array[];
  /** Hashed words, as `readFeatures` gives them; an empty list where no text was kept. */
  readonly words: readonly Int32Array[];
  /** Features of the parts of each text, by which a score is held down; nothing is where they are left out. */
  readonly parts?: readonly (readonly Features[])[];
  /** How much each row counts; only the proportions matter. */
  readonly weights: Float64Array;
}

/** Some of the rows, in the order of `chosen`. */
export function pickRows(rows: TrainingRows, chosen: readonly number[]): TrainingRows {
  return {
    numbers: chosen.map((row) => rows.numbers[row] ?? new Float32Array()),
    words: chosen.map((row) => rows.words[row] ?? new Int32Array()),
    parts: chosen.map((row) => rows.parts?.[row] ?? []),
    weights: Float64Array.from(chosen, (row) => rows.weights[row] ?? 0),
  };
}

/** Some of a list's numbers, in the order of `chosen`. */
export function pickNumbers(values: Float64Array, chosen: readonly number[]): Float64Array {
  return Float64Array.from(chosen, (row) => values[row] ?? 0);
}

/** Weights whose mean is 1. */
export function normalise(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return mean > 0 ? weights.map((weight) => weight / mean) : weights.map(() => 1);
}

/** Weights that let a large suite say more than a small one, but not in proportion: size^-0.5 a row. */
export function suiteWeights(suites: readonly string[]): Float64Array {
  const sizes = new Map<string, number>();
  for (const suite of suites) sizes.set(suite, (sizes.get(suite) ?? 0) + 1);
  return normalise(Float64Array.from(suites, (suite) => (sizes.get(suite) ?? 1) ** -0.5));
}

/** The mean of values, each as often as its weight says; 0 where nothing weighs. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row += 1) {
    sum += numberAt(values, row) * numberAt(weights, row);
    total += numberAt(weights, row);
  }
  return total > 0 ? sum / total : 0;
}

/** Standard deviation of values, each as often as its weight says; 1 where they are all alike. */
export function deviation(values: Float64Array, weights: Float64Array): number {
  let [sum, squares, total] = [0, 0, 0];
  values.forEach((value, row) => {
    const weight = weights[row] ?? 0;
    sum += weight * value;
    squares += weight * value * value;
    total += weight;
  });
  const variance = squares / total - (sum / total) ** 2;
  return variance > 1e-12 ? Math.sqrt(variance) : 1;
}
