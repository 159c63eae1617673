import { FEATURE_NAMES } from "../features/feature-list.ts";
import type { Features } from "../features/read-features.ts";
import type { Model, Tree } from "./artifact.ts";
import { createWordVectorReader } from "./word-vector.ts";

/** A raw score and what it is made of. Good until the next request is scored. */
export interface RawScore {
  /** What is predicted before anything is looked at. */
  readonly start: number;
  /** What each feature added, in their order. */
  readonly byFeature: Float64Array;
  /** What the words and pairs of words added, and how many of them speak up and down. */
  readonly byWords: number;
  readonly wordsUp: number;
  readonly wordsDown: number;
  /** start + all of byFeature + byWords. */
  readonly raw: number;
}

/** Makes a function that scores features, in plain arithmetic: a few thousand additions. */
export function createModelScorer(model: Model): (features: Features) => RawScore {
  const forest = flatten(model.trees);
  const scoreWords = createWordScorer(model.words);
  const byFeature = new Float64Array(FEATURE_NAMES.length);
  const start = model.base + forest.start;
  return ({ numbers, words }) => {
    byFeature.fill(0);
    walkForest(forest, numbers, byFeature);
    addNumbers(model.numbers, numbers, byFeature);
    const { byWords, wordsUp, wordsDown } = scoreWords(words);
    const raw = byFeature.reduce((sum, part) => sum + part, start + byWords);
    return { start, byFeature, byWords, wordsUp, wordsDown, raw };
  };
}

/** All trees in one array of nodes, so that a walk stays in the processor's caches. */
interface Forest {
  /** Mean prediction of all trees, each leaf as often as it was met in training. */
  readonly start: number;
  /** The node or leaf at which each tree begins. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Two a node: where it goes on; a number below 0 is a leaf, -1 less its index. */
  readonly next: Int32Array;
  /** Two a node: what the step adds to the prediction. */
  readonly step: Float64Array;
}

function flatten(trees: readonly Tree[]): Forest {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const forest = {
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    next: new Int32Array(2 * nodes),
    step: new Float64Array(2 * nodes),
  };
  let [first, start] = [0, 0];
  trees.forEach((tree, at) => {
    forest.roots[at] = tree.feature.length === 0 ? -1 : first;
    start += addTree(forest, tree, first);
    first += tree.feature.length;
  });
  return { ...forest, start };
}

/** @returns the mean prediction of the tree. */
function addTree(forest: Omit<Forest, "start">, tree: Tree, first: number): number {
  const means = nodeMeans(tree);
  tree.feature.forEach((feature, node) => {
    const at = first + node;
    forest.feature[at] = feature;
    forest.threshold[at] = tree.threshold[node] ?? 0;
    const { mean } = meanAt(tree, means, node);
    for (const [side, list] of [tree.yes, tree.no].entries()) {
      const to = list[node] ?? -1;
      forest.next[2 * at + side] = to < 0 ? to : first + to;
      forest.step[2 * at + side] = meanAt(tree, means, to).mean - mean;
    }
  });
  return meanAt(tree, means, tree.feature.length === 0 ? -1 : 0).mean;
}

interface NodeMean {
  readonly mean: number;
  readonly rows: number;
}

/** Of each node the mean of its leaves, each as often as it was met. Children come after their parents. */
function nodeMeans(tree: Tree): NodeMean[] {
  const means: NodeMean[] = [];
  for (let node = tree.yes.length - 1; node >= 0; node -= 1) {
    const one = meanAt(tree, means, tree.yes[node] ?? 0);
    const other = meanAt(tree, means, tree.no[node] ?? 0);
    const rows = one.rows + other.rows;
    means[node] = { mean: (one.mean * one.rows + other.mean * other.rows) / rows, rows };
  }
  return means;
}

/** Of a node, or of a leaf where the index is below 0. */
function meanAt({ leaf, rows }: Tree, means: readonly NodeMean[], index: number): NodeMean {
  if (index >= 0) return means[index] ?? { mean: 0, rows: 1 };
  return { mean: leaf[-1 - index] ?? 0, rows: Math.max(1, rows[-1 - index] ?? 1) };
}

/** Adds to each feature what its questions changed, from the mean at the root to the leaf (Saabas, 2014). */
function walkForest(forest: Forest, numbers: Float32Array, byFeature: Float64Array): void {
  for (const root of forest.roots) walkTree(forest, root, { numbers, byFeature });
}

interface Walk {
  readonly numbers: Float32Array;
  readonly byFeature: Float64Array;
}

function walkTree(
  { feature, threshold, next, step }: Forest,
  root: number,
  { numbers, byFeature }: Walk,
): void {
  let node = root;
  while (node >= 0) {
    const asked = feature[node] ?? 0;
    const isYes = (numbers[asked] ?? 0) <= (threshold[node] ?? 0);
    const side = 2 * node + Number(!isYes);
    byFeature[asked] = (byFeature[asked] ?? 0) + (step[side] ?? 0);
    node = next[side] ?? -1;
  }
}

function addNumbers(weights: readonly number[], numbers: Float32Array, byFeature: Float64Array): void {
  for (let at = 0; at < weights.length; at += 1) {
    byFeature[at] = (byFeature[at] ?? 0) + (weights[at] ?? 0) * Math.log1p(numbers[at] ?? 0);
  }
}

type WordScore = Pick<RawScore, "byWords" | "wordsUp" | "wordsDown">;

function createWordScorer({ bits, scale, weights }: Model["words"]): (words: Int32Array) => WordScore {
  const readVector = createWordVectorReader(bits);
  const bytes = Int8Array.from(Buffer.from(weights, "base64"));
  return (words) => {
    const { size, places, values } = readVector(words);
    let [sum, wordsUp, wordsDown] = [0, 0, 0];
    for (let i = 0; i < size; i += 1) {
      const weight = bytes[places[i] ?? 0] ?? 0;
      sum += weight * (values[i] ?? 0);
      wordsUp += Number(weight > 0);
      wordsDown += Number(weight < 0);
    }
    return { byWords: sum * scale, wordsUp, wordsDown };
  };
}
