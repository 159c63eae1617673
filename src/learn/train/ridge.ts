import { numberAt } from "../number-at.ts";
import { type SparseRows, times, transposedTimes } from "./sparse-rows.ts";

/** A linear model: base + weights · row. */
export interface Linear {
  readonly base: number;
  readonly weights: Float64Array;
}

/** Conjugate gradients end here at the latest, or where the residual is this part of what it was. */
const MAX_STEPS = 100;
const TOLERANCE = 1e-5;

/**
 * Ridge regression by conjugate gradients on the normal equations (Hestenes and Stiefel, 1952): least weighted squares
 * plus `alpha` times the squared weights. The base is the target's mean: rows of length 1 need no other.
 *
 * @param weights one a row, their mean is 1.
 */
export function fitRidge(
  rows: SparseRows,
  { target, weights }: { readonly target: Float64Array; readonly weights: Float64Array },
  alpha: number,
): Linear {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const base = target.reduce((sum, value, row) => sum + value * numberAt(weights, row), 0) / total;
  const centred = target.map((value, row) => (value - base) * numberAt(weights, row));
  const apply = (vector: Float64Array): Float64Array => {
    const weighted = times(rows, vector).map((value, row) => value * numberAt(weights, row));
    const product = transposedTimes(rows, weighted);
    return product.map((value, at) => value + alpha * numberAt(vector, at));
  };
  return { base, weights: conjugateGradients(apply, transposedTimes(rows, centred)) };
}

/**
 * Solves A x = b for a symmetric positive definite A.
 *
 * @param tolerance part of b that may be left over.
 */
export function conjugateGradients(
  apply: (vector: Float64Array) => Float64Array,
  wanted: Float64Array,
  tolerance = TOLERANCE,
): Float64Array {
  const solution = new Float64Array(wanted.length);
  const residual = wanted.slice();
  let direction = wanted.slice();
  let left = dot(residual, residual);
  const enough = left * tolerance ** 2;
  for (let step = 0; step < MAX_STEPS && left > enough; step += 1) {
    const image = apply(direction);
    const length = left / dot(direction, image);
    addScaled(solution, direction, length);
    addScaled(residual, image, -length);
    const next = dot(residual, residual);
    const share = next / left;
    direction = residual.map((value, at) => value + share * numberAt(direction, at));
    left = next;
  }
  return solution;
}

/** The sum of the products of two lists of one length. */
export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += numberAt(one, at) * numberAt(other, at);
  return sum;
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = numberAt(to, at) + factor * numberAt(what, at);
}
