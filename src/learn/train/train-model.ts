import type { Model, Tree } from "../../classify/ml/artifact.ts";
import { createRandom } from "../random.ts";
import { type Binned, binNumbers } from "./bins.ts";
import { type ForestOptions, growForest } from "./forest.ts";
import { quantiseWords } from "./quantise-words.ts";
import { fitRidge } from "./ridge.ts";
import { type SparseRows, times, wordRows } from "./sparse-rows.ts";
import { deviation, normalise, type TrainingRows } from "./training-rows.ts";

/** How a model is trained on outcomes of many kinds of work. */
export interface TrainOptions {
  readonly forest: ForestOptions;
  /** L2 of the words' weights, in rows of weight 1. */
  readonly alpha: number;
  /** 2^bits places for hashed words. */
  readonly wordBits: number;
  /** How much the trees and the words count, in standard deviations of what they predict. */
  readonly treeShare: number;
  readonly wordShare: number;
  /** How far a text may score above each of its parts, in standard deviations of one target's trees. */
  readonly mostRise: number;
  readonly seed: number;
  /** Indices of features that no tree may use. */
  readonly without: readonly number[];
}

/**
 * What was learned on labelled data to reach unseen kinds of work. Trees of places drawn by lot: boosted ones, of which each
 * is fitted to what those before it left over, reach .009 less APGR there (docs/evaluation.md).
 */
export const TRAIN_DEFAULTS: TrainOptions = {
  forest: { trees: 60, leaves: 64, minLeafRows: 50, columnShare: 0.3 },
  alpha: 100,
  wordBits: 15,
  treeShare: 1,
  wordShare: 0.15,
  mostRise: 3,
  seed: 1,
  without: [],
};

/** Something to predict, one number a row, and how much it counts. */
export interface Target {
  readonly values: Float64Array;
  readonly share: number;
}

/**
 * Trains one model on several targets: for each, trees on the numbers and a ridge on the words, each prediction brought
 * to a standard deviation of 1, and all of them added up. Same rows, options and seed: the same model to the bit.
 *
 * @param options.onStep called before each part.
 */
export function trainModel(
  rows: TrainingRows,
  targets: readonly Target[],
  options: TrainOptions & { readonly onStep?: (step: string) => void },
): Model {
  const weights = normalise(rows.weights);
  const binned = binNumbers(rows.numbers);
  const sparse = wordRows(rows.words, options.wordBits);
  const random = createRandom(options.seed);
  const trees: Tree[] = [];
  const words = new Float64Array(sparse.columns);
  targets.forEach(({ values, share }, at) => {
    const fit = { target: values, weights };
    options.onStep?.(`target ${at + 1} of ${targets.length}: trees`);
    trees.push(...trainTrees(binned, fit, { ...options, share: share * options.treeShare, random }));
    options.onStep?.(`target ${at + 1} of ${targets.length}: words`);
    addWords(words, trainWords(sparse, fit, options.alpha), share * options.wordShare);
  });
  return {
    base: 0,
    trees,
    numbers: [],
    words: quantiseWords(words, options.wordBits),
    most_rise: options.mostRise,
  };
}

interface Fit {
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

function trainTrees(
  binned: Binned,
  fit: Fit,
  {
    forest,
    share,
    random,
    without,
  }: TrainOptions & { readonly share: number; readonly random: () => number },
): Tree[] {
  const { trees, predicted } = growForest(binned, fit, { ...forest, random, without });
  return scaleTrees(trees, share / deviation(predicted, fit.weights));
}

/** Digits of a leaf's value that are kept: more would be noise in a larger file. */
const LEAF_DIGITS = 4;

/** Trees whose predictions are multiplied by a factor. */
export function scaleTrees(trees: readonly Tree[], factor: number): Tree[] {
  return trees.map((tree) => ({
    ...tree,
    leaf: tree.leaf.map((value) => Number((value * factor).toPrecision(LEAF_DIGITS))),
  }));
}

/** Weights of the words, for predictions with a standard deviation of 1. */
function trainWords(sparse: SparseRows, fit: Fit, alpha: number): Float64Array {
  const { weights } = fitRidge(sparse, fit, alpha);
  const scale = 1 / deviation(times(sparse, weights), fit.weights);
  return weights.map((weight) => weight * scale);
}

function addWords(sum: Float64Array, weights: Float64Array, share: number): void {
  weights.forEach((weight, place) => {
    sum[place] = (sum[place] ?? 0) + share * weight;
  });
}
