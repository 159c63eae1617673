import type { Tree } from "../../classify/ml/artifact.ts";
import type { Random } from "../random.ts";
import type { Binned } from "./bins.ts";
import { drawFeatures, weightedMean } from "./boost.ts";
import { growTree } from "./grow-tree.ts";

/** How a forest is grown. */
export interface ForestOptions {
  readonly trees: number;
  /** Leaves a tree. */
  readonly leaves: number;
  readonly minLeafRows: number;
  /** Part of the features that each tree may use, 0..1. */
  readonly columnShare: number;
}

/**
 * Trees that add up to a prediction: each is grown by itself, splits at places drawn by lot and counts as much as the
 * others, which some hundred rows with noisy labels are enough for (Geurts, Ernst and Wehenkel, Extremely randomized
 * trees, 2006; here each tree draws its features, and not each split).
 *
 * @param target one a row; its mean is left out of the prediction.
 * @param weights one a row, their mean is 1.
 */
export function growForest(
  binned: Binned,
  { target, weights }: { readonly target: Float64Array; readonly weights: Float64Array },
  { trees, columnShare, random, ...limits }: ForestOptions & { readonly random: Random },
): Tree[] {
  const mean = weightedMean(target, weights);
  const residual = target.map((value) => value - mean);
  const predicted = new Float64Array(binned.rows);
  const all = new Uint32Array(binned.features).map((_, at) => at);
  return Array.from({ length: trees }, () => {
    const fit = { residual, weights, features: drawFeatures(all, columnShare, random), predicted };
    return growTree(binned, fit, { ...limits, l2: 0, learningRate: 1 / trees, random });
  });
}
