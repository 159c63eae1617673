import type { Tree } from "../../classify/ml/artifact.ts";
import { numberAt } from "../number-at.ts";
import type { Random } from "../random.ts";
import type { Binned } from "./bins.ts";
import { growTree } from "./grow-tree.ts";

/** How trees are boosted. */
export interface BoostOptions {
  readonly trees: number;
  /** Leaves a tree. */
  readonly leaves: number;
  readonly learningRate: number;
  readonly minLeafRows: number;
  /** L2 on the leaves' values, in rows of weight 1. */
  readonly l2: number;
  /** Part of the features that each tree may use, 0..1. */
  readonly columnShare: number;
}

/** What was learned on labelled data to reach unseen kinds of work: small, slow steps on large leaves. */
export const BOOST_DEFAULTS: BoostOptions = {
  trees: 50,
  leaves: 15,
  learningRate: 0.05,
  minLeafRows: 60,
  l2: 10,
  columnShare: 0.4,
};

/** Trees that add up to a prediction. */
export interface Boosted {
  readonly base: number;
  readonly trees: readonly Tree[];
  /** What they predict of the rows that they were trained on. */
  readonly predicted: Float64Array;
}

/**
 * Gradient boosting of squared error on histograms (Friedman, 2001; Ke et al., LightGBM, 2017): each tree is fitted to
 * what those before it left over.
 *
 * @param target one a row.
 * @param weights one a row, their mean is 1.
 * @param options.without features that no tree may use.
 */
export function boostTrees(
  binned: Binned,
  { target, weights }: { readonly target: Float64Array; readonly weights: Float64Array },
  {
    random,
    without = [],
    ...options
  }: BoostOptions & { readonly random: Random; readonly without?: readonly number[] },
): Boosted {
  const usable = new Uint32Array(binned.features).map((_, at) => at).filter((at) => !without.includes(at));
  const base = weightedMean(target, weights);
  const predicted = new Float64Array(binned.rows).fill(base);
  const trees = Array.from({ length: options.trees }, () => {
    const residual = target.map((value, row) => value - numberAt(predicted, row));
    const features = drawFeatures(usable, options.columnShare, random);
    return growTree(binned, { residual, weights, features, predicted }, options);
  });
  return { base, trees, predicted };
}

/** Some of the features, each as likely as any other. */
export function drawFeatures(usable: Uint32Array, share: number, random: Random): Uint32Array {
  const order = usable.slice();
  const wanted = Math.max(1, Math.round(order.length * share));
  for (let at = 0; at < wanted; at += 1) {
    const other = at + Math.floor(random() * (order.length - at));
    const feature = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = feature;
  }
  return order.slice(0, wanted).sort();
}

/** 0 where nothing weighs. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row += 1) {
    sum += numberAt(values, row) * numberAt(weights, row);
    total += numberAt(weights, row);
  }
  return total > 0 ? sum / total : 0;
}
