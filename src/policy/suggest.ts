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

/** Edits in UTF-16 code units: a character more, less or another, or two neighbours in the wrong order. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let y = 1; y <= a.length; y++) {
    const row = [y];
    for (let x = 1; x <= b.length; x++) row.push(cheapestEdit({ a, b, rows, row, x, y }));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly rows: readonly (readonly number[])[];
  readonly row: readonly number[];
  readonly x: number;
  readonly y: number;
}

function cheapestEdit({ a, b, rows, row, x, y }: Cell): number {
  const at = (line: readonly number[] | undefined, column: number) => line?.[column] ?? 0;
  const above = rows[y - 1];
  const isSame = a[y - 1] === b[x - 1];
  const best = Math.min(at(row, x - 1) + 1, at(above, x) + 1, at(above, x - 1) + (isSame ? 0 : 1));
  const isSwapped = x > 1 && y > 1 && a[y - 1] === b[x - 2] && a[y - 2] === b[x - 1];
  return isSwapped ? Math.min(best, at(rows[y - 2], x - 2) + 1) : best;
}
