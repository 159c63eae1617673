import { FEATURE_NAMES } from "../features/feature-list.ts";
import type { Features } from "../features/read-features.ts";
import type { Model, Tree } from "./artifact.ts";
import { createWordVectorReader } from "./word-vector.ts";

/** What a raw score is made of: start + all of byFeature + byWords. Good until the next features are taken apart. */
export interface ScoreParts {
  /** What is predicted before anything is looked at. */
  readonly start: number;
  /** What each feature added, in their order. */
  readonly byFeature: Float64Array;
  /** What the words and pairs of words added, and how many of them speak up and down. */
  readonly byWords: number;
  readonly wordsUp: number;
  readonly wordsDown: number;
}

/** A model in plain arithmetic: a thousand comparisons, and an addition for each tree, feature and word. */
export interface ModelScorer {
  /** The raw score. */
  readonly score: (features: Features) => number;
  /** What it is made of, in several times the time. */
  readonly takeApart: (features: Features) => ScoreParts;
}

/** Makes what scores features. */
export function createModelScorer(model: Model): ModelScorer {
  const forest = flatten(model.trees);
  const scoreWords = createWordScorer(model.words);
  const byFeature = new Float64Array(FEATURE_NAMES.length);
  const start = model.base + forest.start;
  return {
    score: ({ numbers, words }) =>
      model.base +
      sumOfLeaves(forest, numbers) +
      sumOfNumbers(model.numbers, numbers) +
      scoreWords(words).byWords,
    takeApart: ({ numbers, words }) => {
      byFeature.fill(0);
      addSteps(forest, numbers, byFeature);
      addNumbers(model.numbers, numbers, byFeature);
      return { start, byFeature, ...scoreWords(words) };
    },
  };
}

/**
 * All trees in one array of nodes and one of leaves, so that a walk stays in the processor's caches. A number below 0
 * stands for a leaf: -1 less its place.
 */
interface Forest {
  /** Mean prediction of all trees, each leaf as often as it was met in training. */
  readonly start: number;
  /** The node or leaf at which each tree begins. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Where a node goes on, by its answer. */
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** Mean prediction of what lies below a node. */
  readonly mean: Float64Array;
  readonly leaf: Float64Array;
}

function flatten(trees: readonly Tree[]): Forest {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const forest = {
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    yes: new Int32Array(nodes),
    no: new Int32Array(nodes),
    mean: new Float64Array(nodes),
    leaf: Float64Array.from(trees.flatMap(({ leaf }) => leaf)),
  };
  let [node, leaf, start] = [0, 0, 0];
  trees.forEach((tree, at) => {
    forest.roots[at] = tree.feature.length === 0 ? -1 - leaf : node;
    start += addTree(forest, tree, { node, leaf });
    node += tree.feature.length;
    leaf += tree.leaf.length;
  });
  return { ...forest, start };
}

/** @param first the places of the tree's own first node and leaf. @returns the mean prediction of the tree. */
function addTree(
  forest: Omit<Forest, "start">,
  tree: Tree,
  first: { readonly node: number; readonly leaf: number },
): number {
  const means = nodeMeans(tree);
  const placeOf = (index = -1) => (index < 0 ? index - first.leaf : index + first.node);
  tree.feature.forEach((feature, node) => {
    const at = first.node + node;
    forest.feature[at] = feature;
    forest.threshold[at] = tree.threshold[node] ?? 0;
    forest.yes[at] = placeOf(tree.yes[node]);
    forest.no[at] = placeOf(tree.no[node]);
    forest.mean[at] = meanAt(tree, means, node).mean;
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

function sumOfLeaves(forest: Forest, numbers: Float32Array): number {
  let sum = 0;
  for (let tree = 0; tree < forest.roots.length; tree += 1) {
    let node = forest.roots[tree] ?? -1;
    while (node >= 0) node = nextOf(forest, node, numbers);
    sum += forest.leaf[-1 - node] ?? 0;
  }
  return sum;
}

/** Adds to each feature what its questions changed, from the mean at the root to the leaf (Saabas, 2014). */
function addSteps(forest: Forest, numbers: Float32Array, byFeature: Float64Array): void {
  for (const root of forest.roots) {
    let node = root;
    while (node >= 0) {
      const next = nextOf(forest, node, numbers);
      const asked = forest.feature[node] ?? 0;
      const step = predictionAt(forest, next) - predictionAt(forest, node);
      byFeature[asked] = (byFeature[asked] ?? 0) + step;
      node = next;
    }
  }
}

function nextOf({ feature, threshold, yes, no }: Forest, node: number, numbers: Float32Array): number {
  const isYes = (numbers[feature[node] ?? 0] ?? 0) <= (threshold[node] ?? 0);
  return (isYes ? yes[node] : no[node]) ?? -1;
}

function predictionAt({ mean, leaf }: Forest, node: number): number {
  return (node < 0 ? leaf[-1 - node] : mean[node]) ?? 0;
}

function sumOfNumbers(weights: readonly number[], numbers: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += numberPart(weights, numbers, at);
  return sum;
}

function addNumbers(weights: readonly number[], numbers: Float32Array, byFeature: Float64Array): void {
  for (let at = 0; at < weights.length; at += 1)
    byFeature[at] = (byFeature[at] ?? 0) + numberPart(weights, numbers, at);
}

function numberPart(weights: readonly number[], numbers: Float32Array, at: number): number {
  return (weights[at] ?? 0) * Math.log1p(numbers[at] ?? 0);
}

type WordScore = Pick<ScoreParts, "byWords" | "wordsUp" | "wordsDown">;

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
