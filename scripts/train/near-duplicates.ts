/** Words in a row that two prompts share only where one was made of the other. */
const SHINGLE_WORDS = 8;

/** What more prompts than that share is the wording of a suite. */
const MOST_SHARING = 5;

/**
 * A label for each prompt, the same for those that are nearly the same: alike in words, or with eight words in a row that
 * few others have. Folds that keep labels together measure no prompt by a model that saw it in another dress.
 */
export function labelNearDuplicates(prompts: readonly string[]): string[] {
  const parents = prompts.map((_, row) => row);
  for (const rows of rowsByShingle(prompts).values()) {
    const first = rows[0] ?? 0;
    if (rows.length <= MOST_SHARING) for (const row of rows) join(parents, row, first);
  }
  return prompts.map((_, row) => String(rootOf(parents, row)));
}

function rowsByShingle(prompts: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  prompts.forEach((prompt, row) => {
    for (const shingle of new Set(shinglesOf(prompt))) {
      const rows = found.get(shingle);
      if (rows === undefined) found.set(shingle, [row]);
      else if (rows.length <= MOST_SHARING) rows.push(row);
    }
  });
  return found;
}

/** All words of a prompt together too, so that short ones are compared. */
function shinglesOf(prompt: string): string[] {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const inRow = words.map((_, at) => words.slice(at, at + SHINGLE_WORDS).join(" "));
  return [words.join(" "), ...inRow.slice(0, Math.max(0, words.length - SHINGLE_WORDS + 1))];
}

function join(parents: number[], one: number, other: number): void {
  parents[rootOf(parents, one)] = rootOf(parents, other);
}

function rootOf(parents: number[], row: number): number {
  let root = row;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] ?? root] ?? root;
    root = parents[root] ?? root;
  }
  return root;
}
