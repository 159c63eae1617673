/** More names are not searched: a file of many thousand names and many typos must load in time. */
const MAX_CANDIDATES = 1000;

/** A longer word is no typo of a name. */
const MAX_WORD_CHARS = 80;

/**
 * The candidate that was probably meant, as the end of a message: ` (did you mean "opus"?)`, or "".
 * Close means one edit in three characters, at most three.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const best = closest(word, Array.from(candidates).slice(0, MAX_CANDIDATES));
  return best === null ? "" : ` (did you mean ${JSON.stringify(best)}?)`;
}

function closest(word: string, candidates: readonly string[]): string | null {
  if (word.length > MAX_WORD_CHARS) return null;
  const allowed = Math.min(3, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const name of candidates) {
    if (Math.abs(name.length - word.length) > allowed) continue;
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (edits <= allowed && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** Levenshtein distance in UTF-16 code units, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, char] of Array.from(a).entries()) {
    row = row.reduce<number[]>((next, above, at) => {
      const left = next[at - 1];
      const diagonal = (row[at - 1] ?? 0) + (b[at - 1] === char ? 0 : 1);
      next.push(left === undefined ? index + 1 : Math.min(above + 1, left + 1, diagonal));
      return next;
    }, []);
  }
  return row.at(-1) ?? 0;
}
