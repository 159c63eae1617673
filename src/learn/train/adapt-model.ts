import type { Model, Tree } from "../../classify/ml/artifact.ts";
import { createModelScorer } from "../../classify/ml/score-model.ts";
import { numberAt } from "../number-at.ts";
import { createRandom } from "../random.ts";
import { binNumbers } from "./bins.ts";
import { type ForestOptions, growForest } from "./forest.ts";
import { quantiseWords, wordWeights } from "./quantise-words.ts";
import { conjugateGradients, dot } from "./ridge.ts";
import { scoreRows } from "./score-rows.ts";
import { type SparseRows, times, transposedTimes, wordRows } from "./sparse-rows.ts";
import { scaleTrees } from "./train-model.ts";
import { deviation, normalise, pickNumbers, type TrainingRows, weightedMean } from "./training-rows.ts";

/** L2 of everything that is learned on one's own traffic, in rows of weight 1. */
const ADAPT_ALPHA = 5;

/** A closer solution takes longer, and orders requests the same: APGR after 8,000 labels is .6624 with a hundredth of it too. */
const TOLERANCE = 1e-3;

/** Least deviation that a column is divided by, in the units of ln(1 + x): what hardly varies on some hundred rows would else move the score of the next request without bound. */
const MIN_DEVIATION = 0.25;

/**
 * What a number counts beside the words of a text, which are a vector of length 1 together, and beside the prior. With
 * it APGR after 300 labels rose from .629 to .666 on five tasks of LLMRouter and from .555 to .577 on MMLU-Pro, left out
 * of the prior each, and after 1,000 from .652 to .667 and from .575 to .589; means of three draws.
 */
const NUMBER_SCALE = 0.07;

/** Rows, and what the strong model gains on each. */
export interface Lesson {
  readonly rows: TrainingRows;
  readonly gain: Float64Array;
}

interface AdaptOptions extends Pick<Lesson, "gain"> {
  readonly anchors?: Lesson;
  readonly alpha?: number;
}

/**
 * Learns from one's own traffic on top of a model that knows public data: a ridge on its score, on the numbers and on
 * the words together, and a forest on the numbers. The result is a model of the same form: what the prior keeps of its
 * say is multiplied in.
 *
 * @param own one's own rows.
 * @param options.gain what the strong model reached minus what the weak one did, one a row; or 1 - what the weak one did.
 * @param options.anchors other rows that are learned from beside one's own.
 */
export function adaptModel(
  prior: Model,
  own: TrainingRows,
  { anchors, alpha = ADAPT_ALPHA, ...options }: AdaptOptions,
): Model {
  const { rows, gain } = join({ rows: own, gain: options.gain }, anchors);
  const weights = normalise(rows.weights);
  const columns = readColumns(prior, rows, weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = gain.reduce((sum, value, row) => sum + value * numberAt(weights, row), 0) / total;
  const centred = gain.map((value, row) => (value - mean) * numberAt(weights, row));
  const apply = (vector: Float64Array) => {
    const weighted = columns.times(vector).map((value, row) => value * numberAt(weights, row));
    return columns.transposed(weighted).map((value, at) => value + alpha * numberAt(vector, at));
  };
  const linear = merge(prior, columns, conjugateGradients(apply, columns.transposed(centred), TOLERANCE));
  const adapted = { ...linear, trees: [...linear.trees, ...ownTrees(prior, rows, { gain, weights })] };
  const rise = prior.most_rise === undefined ? null : mostRise(adapted, own);
  return rise === null ? adapted : { ...adapted, most_rise: toDigits(rise) };
}

/** Both, one after the other; without parts, which only tell how far one's own requests rise. */
function join(own: Lesson, anchors: Lesson | undefined): Lesson {
  if (anchors === undefined) return own;
  return {
    rows: {
      numbers: [...own.rows.numbers, ...anchors.rows.numbers],
      words: [...own.rows.words, ...anchors.rows.words],
      weights: Float64Array.from([...own.rows.weights, ...anchors.rows.weights]),
    },
    gain: Float64Array.from([...own.gain, ...anchors.gain]),
  };
}

/**
 * Trees beside the ridge, for kinds of work that no line parts: each predicts the gain by itself, and the two are added
 * up. After 300 labels APGR rose from .734 to .752 on all tasks of LLMRouter, from .535 to .554 on RouterBench, from .549
 * to .560 on CRUX and from .550 to .554 on MMLU-Pro, and after 1,000 from .774 to .791, .552 to .575 and .551 to .561;
 * on one task alone, of 500 questions, they are worth nothing. Left out of the prior each; labels of one weak and one
 * strong model, of groups for LLMRouter; means of four draws.
 */
const FOREST: ForestOptions = { trees: 60, leaves: 32, minLeafRows: 5, columnShare: 0.2 };

/** Rows that trees are grown on, evenly spread over all: trees of 32 leaves learn nothing of more. */
const MAX_FOREST_ROWS = 10_000;

/** The same trees each time. */
const SEED = 1;

/** Trees of a model that was trained on top of another, again and again: then only the ridge goes on learning. */
const MAX_TREES = 500;

function ownTrees(
  prior: Model,
  { numbers }: TrainingRows,
  { gain, weights }: { readonly gain: Float64Array; readonly weights: Float64Array },
): Tree[] {
  if (prior.trees.length + FOREST.trees > MAX_TREES) return [];
  const step = Math.max(1, numbers.length / MAX_FOREST_ROWS);
  const chosen = Array.from({ length: Math.floor(numbers.length / step) }, (_, at) => Math.floor(at * step));
  const binned = binNumbers(chosen.map((row) => numbers[row] ?? new Float32Array()));
  const fit = { target: pickNumbers(gain, chosen), weights: pickNumbers(weights, chosen) };
  return growForest(binned, fit, { ...FOREST, random: createRandom(SEED) }).trees;
}

/** The prior's score, then each number, then each place of the words: the first two standardised. */
interface Columns {
  readonly priorScale: number;
  readonly scales: Float64Array;
  readonly means: Float64Array;
  readonly times: (vector: Float64Array) => Float64Array;
  readonly transposed: (vector: Float64Array) => Float64Array;
}

function readColumns(prior: Model, rows: TrainingRows, weights: Float64Array): Columns {
  // Without parts: what is merged is the whole model, and no limit of it.
  const scores = scoreRows(prior, { numbers: rows.numbers, words: rows.words });
  const columns = [
    standardise(scores, weights, 1),
    ...logColumns(rows.numbers).map((column) => standardise(column, weights, NUMBER_SCALE)),
  ];
  const means = Float64Array.from(columns, ({ mean }) => mean);
  const scales = Float64Array.from(columns, ({ scale }) => scale);
  const dense = columns.map(({ column }) => column);
  const sparse = wordRows(rows.words, prior.words.bits);
  return { priorScale: numberAt(scales, 0), scales, means, ...products(dense, sparse) };
}

/** Brings a column to mean 0 and a deviation of `size`, in its place: all of them take most of the memory. */
function standardise(
  column: Float64Array,
  weights: Float64Array,
  size: number,
): { readonly column: Float64Array; readonly mean: number; readonly scale: number } {
  const mean = weightedMean(column, weights);
  const scale = size / Math.max(MIN_DEVIATION, deviation(column, weights));
  for (let row = 0; row < column.length; row += 1) column[row] = (numberAt(column, row) - mean) * scale;
  return { column, mean, scale };
}

/** ln(1 + x) of each number, column by column: as the model's linear part reads them. Read row by row, as they lie. */
function logColumns(numbers: readonly Float32Array[]): Float64Array[] {
  const features = numbers[0]?.length ?? 0;
  const columns = Array.from({ length: features }, () => new Float64Array(numbers.length));
  for (const [row, values] of numbers.entries()) putLogs(columns, values, row);
  return columns;
}

function putLogs(columns: readonly Float64Array[], values: Float32Array, row: number): void {
  columns.forEach((column, at) => {
    column[row] = Math.log1p(values[at] ?? 0);
  });
}

/** Rows that are gone through column by column: what is summed up for them stays in the processor's nearest cache. */
const BLOCK_ROWS = 1_024;

function products(dense: readonly Float64Array[], sparse: SparseRows): Pick<Columns, "times" | "transposed"> {
  return {
    times: (vector) => {
      const product = times(sparse, vector.subarray(dense.length));
      for (let start = 0; start < product.length; start += BLOCK_ROWS) {
        const end = Math.min(product.length, start + BLOCK_ROWS);
        dense.forEach((column, at) => {
          addScaled(product, column, { factor: numberAt(vector, at), start, end });
        });
      }
      return product;
    },
    transposed: (vector) => {
      const product = new Float64Array(dense.length + sparse.columns);
      dense.forEach((column, at) => {
        product[at] = dot(column, vector);
      });
      product.set(transposedTimes(sparse, vector), dense.length);
      return product;
    },
  };
}

function addScaled(
  sum: Float64Array,
  column: Float64Array,
  { factor, start, end }: { readonly factor: number; readonly start: number; readonly end: number },
): void {
  for (let row = start; row < end; row += 1) sum[row] = numberAt(sum, row) + factor * numberAt(column, row);
}

/** Share of one's own requests above the mean that the limit leaves as they are; and its least size in deviations. */
const UNTOUCHED_SHARE = 0.98;
const LEAST_RISE = 2;

/**
 * How far a text may score above its parts: as far as nearly all of one's own do. Linear weights of counts make the parts
 * of long texts score far lower, so that no fixed number would do. null where no row has parts.
 */
function mostRise(adapted: Model, { numbers, words, parts = [], weights }: TrainingRows): number | null {
  const raw = scoreRows(adapted, { numbers, words });
  const { score } = createModelScorer(adapted);
  const rises = parts.flatMap((ofRow, row) => {
    const above = numberAt(raw, row);
    return above > 0 && ofRow.length > 0 ? above - Math.min(...ofRow.map((part) => score(part))) : [];
  });
  if (rises.length === 0) return null;
  const most = rises.sort((a, b) => a - b)[Math.floor(UNTOUCHED_SHARE * rises.length)] ?? 0;
  return Math.max(most, LEAST_RISE * deviation(raw, weights));
}

/** Digits of a weight that are kept. */
const DIGITS = 6;

function merge(prior: Model, columns: Columns, solution: Float64Array): Model {
  const share = numberAt(solution, 0) * columns.priorScale;
  const features = columns.scales.length - 1;
  const own = Array.from(
    { length: features },
    (_, at) => numberAt(solution, at + 1) * numberAt(columns.scales, at + 1),
  );
  const numbers = own.map((weight, at) => toDigits(weight + share * (prior.numbers[at] ?? 0)));
  const shift = own.reduce((sum, weight, at) => sum + weight * numberAt(columns.means, at + 1), 0);
  const words = wordWeights(prior.words).map(
    (weight, place) => share * weight + numberAt(solution, features + 1 + place),
  );
  return {
    base: toDigits(share * (prior.base - numberAt(columns.means, 0)) - shift),
    trees: scaleTrees(prior.trees, share),
    numbers,
    words: quantiseWords(words, prior.words.bits),
  };
}

function toDigits(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
