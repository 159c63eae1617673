import type { Tree } from "../../classify/ml/artifact.ts";
import { numberAt, rowAt } from "../number-at.ts";
import type { Binned } from "./bins.ts";
import {
  bestSplit,
  fillHistogram,
  type Histogram,
  type Split,
  type SplitLimits,
  subtract,
} from "./histogram.ts";

/** What a tree is fitted to. */
export interface Fit {
  /** What is to be explained, one a row; its mean is 0. */
  readonly residual: Float64Array;
  readonly weights: Float64Array;
  /** Features that the tree may use. */
  readonly features: Uint32Array;
  /** What was predicted so far, to which the tree adds its part. */
  readonly predicted: Float64Array;
}

/** How a tree grows. */
export interface GrowOptions extends SplitLimits {
  readonly leaves: number;
  /** Part of the prediction that the tree has, 0..1. */
  readonly share: number;
}

/** A leaf that may still be split. */
interface Leaf {
  readonly rows: Uint32Array;
  readonly histogram: Histogram;
  /** null where no split is worth it. */
  readonly split: Split | null;
  /** Where the tree points to this leaf. */
  readonly parent: { readonly list: number[]; readonly node: number } | null;
}

/** Grows a tree leaf by leaf, always where that explains most, and adds what it predicts. */
export function growTree(binned: Binned, { features, ...rest }: Fit, options: GrowOptions): Tree {
  // Of a feature that is alike in all rows there is nothing to sum up: of lone prompts, all that tells of tools.
  const fit = { ...rest, features: features.filter((feature) => binned.cuts[feature]?.length !== 0) };
  const tree = {
    feature: [] as number[],
    threshold: [] as number[],
    yes: [] as number[],
    no: [] as number[],
    leaf: [] as number[],
    rows: [] as number[],
  };
  const all = new Uint32Array(binned.rows).map((_, row) => row);
  const open = [openLeaf(fillHistogram(binned, fit, all), { rows: all, parent: null }, options)];
  while (open.length < options.leaves) {
    const at = bestOf(open);
    const leaf = open[at];
    if (leaf?.split == null) break;
    open.splice(at, 1, ...splitLeaf(leaf, leaf.split, { binned, fit, options, tree }));
  }
  for (const leaf of open) closeLeaf(leaf, { fit, options, tree });
  return tree;
}

interface Growing {
  readonly fit: Fit;
  readonly options: GrowOptions;
  readonly tree: { readonly [K in keyof Tree]: number[] };
}

function openLeaf(histogram: Histogram, leaf: Pick<Leaf, "rows" | "parent">, options: GrowOptions): Leaf {
  return { ...leaf, histogram, split: bestSplit(histogram, options) };
}

function bestOf(open: readonly Leaf[]): number {
  let best = 0;
  open.forEach(({ split }, at) => {
    if ((split?.gain ?? 0) > (open[best]?.split?.gain ?? 0)) best = at;
  });
  return best;
}

function splitLeaf(leaf: Leaf, split: Split, growing: Growing & { readonly binned: Binned }): [Leaf, Leaf] {
  const { binned, fit, options, tree } = growing;
  const node = tree.feature.length;
  pointTo(leaf.parent, node);
  tree.feature.push(split.feature);
  tree.threshold.push(binned.cuts[split.feature]?.[split.step] ?? 0);
  tree.yes.push(0);
  tree.no.push(0);
  const [yes, no] = partition(leaf.rows, binned, split);
  const isYesSmaller = yes.length <= no.length;
  // The larger side's histogram is what the smaller one leaves of the whole.
  const small = fillHistogram(binned, fit, isYesSmaller ? yes : no);
  const large = subtract(leaf.histogram, small);
  return [
    openLeaf(isYesSmaller ? small : large, { rows: yes, parent: { list: tree.yes, node } }, options),
    openLeaf(isYesSmaller ? large : small, { rows: no, parent: { list: tree.no, node } }, options),
  ];
}

function pointTo(parent: Leaf["parent"], target: number): void {
  if (parent !== null) parent.list[parent.node] = target;
}

function partition(
  rows: Uint32Array,
  { codes, rows: all }: Binned,
  { feature, step }: Split,
): [Uint32Array, Uint32Array] {
  const isYes = (row: number) => (codes[feature * all + row] ?? 0) <= step;
  return [rows.filter(isYes), rows.filter((row) => !isYes(row))];
}

function closeLeaf(leaf: Leaf, { fit, options, tree }: Growing): void {
  pointTo(leaf.parent, -1 - tree.leaf.length);
  let [sum, weight] = [0, 0];
  for (const row of leaf.rows) {
    sum += numberAt(fit.residual, row) * numberAt(fit.weights, row);
    weight += numberAt(fit.weights, row);
  }
  const value = (options.share * sum) / weight;
  tree.leaf.push(value);
  tree.rows.push(leaf.rows.length);
  for (let i = 0; i < leaf.rows.length; i += 1) {
    const row = rowAt(leaf.rows, i);
    fit.predicted[row] = numberAt(fit.predicted, row) + value;
  }
}
