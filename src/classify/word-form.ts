/** A spelling to look for, lower case, white space as single spaces, and what it stands for. */
export interface Form<V> {
  readonly text: string;
  readonly value: V;
  readonly endings: Endings;
}

/** What may follow a spelling within its word: nothing, any letters, an English ending, -ing alone. */
type Endings = "none" | "any" | "english" | "ing";

/** Longest rest of a word that `mayEnd` has to be told: a doubled letter and "ing", and one more. */
export const MAX_REST = 5;

const ENGLISH_ENDINGS: ReadonlySet<string> = new Set(["s", "es", "d", "ed", "ing"]);

/** Whether a spelling fits a word that goes on with `rest`, lower case, cut to `MAX_REST`. */
export function mayEnd({ text, endings }: Form<unknown>, rest: string): boolean {
  switch (endings) {
    case "any":
      return true;
    case "none":
      return rest === "";
    case "ing":
      return rest === "ing";
    case "english":
      return rest === "" || ENGLISH_ENDINGS.has(rest) || isDoubled(text, rest);
    default:
      return endings satisfies never;
  }
}

/** Whether a word goes on like "debug-ging" or "plan-ned". */
function isDoubled(text: string, rest: string): boolean {
  return rest.charAt(0) === text.at(-1) && (rest.slice(1) === "ed" || rest.slice(1) === "ing");
}
