import type { Tree } from "../../classify/ml/artifact.ts";
import type { Random } from "../random.ts";
import type { Binned } from "./bins.ts";
import { growTree } from "./grow-tree.ts";
import { weightedMean } from "./training-rows.ts";

/** How a forest is grown. */
export interface ForestOptions {
  readonly trees: number;
  /** Leaves a tree. */
  readonly leaves: number;
  readonly minLeafRows: number;
  /** Part of the features that each tree may use, 0..1. */
  readonly columnShare: number;
}

/** Trees that add up to a prediction. */
export interface Forest {
  readonly trees: Tree[];
  /** What they predict of the rows that they were grown on, less the target's mean. */
  readonly predicted: Float64Array;
}

/**
 * Grows trees each by itself, split at places drawn by lot, of which each counts as much as the others (Geurts, Ernst and
 * Wehenkel, Extremely randomized trees, 2006; here each tree draws its features, and not each split).
 *
 * @param target one a row; its mean is left out of the prediction.
 * @param weights one a row, their mean is 1.
 * @param options.without features that no tree may use.
 */
export function growForest(
  binned: Binned,
  { target, weights }: { readonly target: Float64Array; readonly weights: Float64Array },
  {
    trees,
    columnShare,
    random,
    without = [],
    ...limits
  }: ForestOptions & { readonly random: Random; readonly without?: readonly number[] },
): Forest {
  const mean = weightedMean(target, weights);
  const residual = target.map((value) => value - mean);
  const predicted = new Float64Array(binned.rows);
  const usable = new Uint32Array(binned.features).map((_, at) => at).filter((at) => !without.includes(at));
  const grown = Array.from({ length: trees }, () => {
    const fit = { residual, weights, features: drawFeatures(usable, columnShare, random), predicted };
    return growTree(binned, fit, { ...limits, share: 1 / trees, random });
  });
  return { trees: grown, predicted };
}

/** Some of the features, each as likely as any other. */
function drawFeatures(usable: Uint32Array, share: number, random: Random): Uint32Array {
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
