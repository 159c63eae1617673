/** Rows that are left out together: what is trained on the others is measured on them. */
export type Fold = readonly number[];

/** One fold for each label: nothing of its kind was seen in training. */
export function foldsByLabel(labels: readonly string[]): Fold[] {
  const rows = labels.map((_, row) => row);
  return [...Map.groupBy(rows, (row) => labels[row]).values()];
}

/**
 * A few folds of about one size in which rows of the same label stay together, such as the turns of a conversation.
 *
 * @param folds how many, at most one a label.
 * @param random uniform in [0, 1).
 */
export function foldsAtRandom(labels: readonly string[], folds: number, random: () => number): Fold[] {
  const parts: number[][] = Array.from({ length: folds }, () => []);
  for (const rows of shuffle(foldsByLabel(labels), random)) {
    const smallest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    smallest.push(...rows);
  }
  return parts.filter((part) => part.length > 0).map((part) => part.sort((a, b) => a - b));
}

/** All rows that are not in a fold. */
function rowsOutside(fold: Fold, rows: number): number[] {
  const inside = new Uint8Array(rows);
  for (const row of fold) inside[row] = 1;
  return Array.from(inside.keys()).filter((row) => inside[row] === 0);
}

/** What is said of each row by what was trained without its fold. */
export function predictLeftOut(
  rows: number,
  folds: readonly Fold[],
  trainAndPredict: (training: readonly number[], fold: Fold) => Float64Array,
): Float64Array {
  const predicted = new Float64Array(rows);
  for (const fold of folds) {
    const scores = trainAndPredict(rowsOutside(fold, rows), fold);
    fold.forEach((row, at) => {
      predicted[row] = scores[at] ?? 0;
    });
  }
  return predicted;
}

function shuffle<T>(list: readonly T[], random: () => number): T[] {
  const keyed = list.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
