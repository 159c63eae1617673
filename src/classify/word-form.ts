/** A spelling to look for, lower case, white space as single spaces, and what it stands for. */
export interface Form<V> {
  readonly text: string;
  readonly value: V;
  readonly endings: Endings;
}

/** What may follow a spelling within its word: nothing, any letters, an English ending, -ing alone. */
type Endings = "none" | "any" | "english" | "ing";

/** Longest rest of a word that `restOf` has to be told: a doubled letter and "ing", and one more. */
export const MAX_REST = 5;

/** Where a word ends behind a spelling. */
export const NO_REST = 0;
/** A rest that no ending is. */
const OTHER_REST = -1;

const ASCII_BITS = 7;
const ASCII = 2 ** ASCII_BITS;
/** Longest rest that is put into a number. */
const MAX_PUT = 4;

/** The rest of a word, from one place to before another, as a number: to cut a string out for each takes longer. */
export function restOf(units: Uint16Array, from: number, end: number): number {
  if (end - from > MAX_PUT) return OTHER_REST;
  let rest = NO_REST;
  for (let at = from; at < end; at += 1) {
    const unit = units[at] ?? 0;
    if (unit >= ASCII) return OTHER_REST;
    rest = (rest << ASCII_BITS) | unit;
  }
  return rest;
}

function restOfText(text: string): number {
  return restOf(
    Uint16Array.from(text, (letter) => letter.charCodeAt(0)),
    0,
    text.length,
  );
}

const ENGLISH_ENDINGS: ReadonlySet<number> = new Set(["s", "es", "d", "ed", "ing"].map(restOfText));
const ED = restOfText("ed");
const ING = restOfText("ing");

/** Whether a spelling fits a word that goes on with `rest`, lower case, as `restOf` gives it. */
export function mayEnd({ text, endings }: Form<unknown>, rest: number): boolean {
  switch (endings) {
    case "any":
      return true;
    case "none":
      return rest === NO_REST;
    case "ing":
      return rest === ING;
    case "english":
      return rest === NO_REST || ENGLISH_ENDINGS.has(rest) || isDoubled(text, rest);
    default:
      return endings satisfies never;
  }
}

/** Whether a word goes on like "debug-ging" or "plan-ned". */
function isDoubled(text: string, rest: number): boolean {
  const last = text.charCodeAt(text.length - 1);
  return rest === ((last << (2 * ASCII_BITS)) | ED) || rest === ((last << (3 * ASCII_BITS)) | ING);
}
