import type { Comparison } from "./comparison.ts";
import { numberAt } from "./number-at.ts";

/** Something that says which prompts need the strong model. */
export interface Scorer {
  readonly name: string;
  /** A control is no router that could be had: it tells what a figure is worth. */
  readonly kind: "classifier" | "control";
  /** One a prompt, higher = needs the strong model; null: a new random order each time. */
  readonly scores: ArrayLike<number> | null;
  /** Place of the tier that serves each prompt, 0 = the cheapest; left out where its score alone says it. */
  readonly tiers?: Uint8Array;
  /** The score is 100 × the chance that the weak model fails. */
  readonly isChance: boolean;
}

/** A classifier whose scores the rows carry. */
export interface Classifier {
  readonly name: string;
  readonly isChance: boolean;
}

/** Name of the control that sees how long a prompt is, and nothing else. */
export const LENGTH = "length alone";

/** The classifiers of a comparison, then the controls. */
export function scorersOf(comparison: Comparison, classifiers: readonly Classifier[]): Scorer[] {
  const { rows, sample } = comparison;
  const ours = classifiers.map(({ name, isChance }, at): Scorer => {
    const scores = Float64Array.from(rows, (row) => row.scores[at] ?? 0);
    const tiers = rows.flatMap((row) => row.tiers?.[at] ?? []);
    const served = tiers.length === rows.length ? { tiers: Uint8Array.from(tiers) } : {};
    return { name, kind: "classifier", scores, ...served, isChance };
  });
  const gain = sample.strong.quality.map((quality, row) => quality - numberAt(sample.weak.quality, row));
  const lengths = Float64Array.from(rows, ({ length }) => length);
  return [
    ...ours,
    control("random", null),
    control(LENGTH, lengths),
    control("group mean", groupMeans(gain, sample.groupOf, sample.groups)),
    control("oracle", gain),
  ];
}

function control(name: string, scores: Float64Array | null): Scorer {
  return { name, kind: "control", scores, isChance: false };
}

/** For each prompt the mean gain of its group: what a router that only knows the kind of work could say. */
function groupMeans(gain: Float64Array, groupOf: Uint32Array, groups: number): Float64Array {
  const [sums, sizes] = [new Float64Array(groups), new Float64Array(groups)];
  groupOf.forEach((group, row) => {
    sums[group] = numberAt(sums, group) + numberAt(gain, row);
    sizes[group] = numberAt(sizes, group) + 1;
  });
  return Float64Array.from(groupOf, (group) => numberAt(sums, group) / numberAt(sizes, group));
}
