import type { Form } from "./word-form.ts";
import { compileForms } from "./word-tree.ts";

/** A word or phrase to look for, and what it counts for. */
export interface Entry<G extends string> {
  readonly word: string;
  readonly group: G;
}

/** The words of each group that a text holds, each once, in the order of their first appearance. */
export type Found<G extends string> = ReadonlyMap<G, readonly string[]>;

/** Looks for all words of a vocabulary in one pass over a text. */
export type FindWords<G extends string> = (text: string) => Found<G>;

/** Longest word or phrase that is looked for, in UTF-16 code units; the rest of a longer one is left off. */
const MAX_WORD = 64;

/** Shortest English word that takes endings: "hi" must not be found in "his". */
const MIN_INFLECTED = 4;

/**
 * Compiles words into a tree of characters, so that the time to search does not depend on how many there are.
 * Any case; a run of white space counts as one space; words end where letters end, but for English endings, a
 * trailing `*`, and scripts without spaces. At each place the longest word that fits is the one found.
 */
export function compileVocabulary<G extends string>(entries: readonly Entry<G>[]): FindWords<G> {
  const findForms = compileForms(entries.flatMap(formsOf));
  return (text) => byGroup(findForms(text.toLowerCase()));
}

/** All that is looked for on behalf of an entry; "optimize" is "optimizing" too, which leaves its last letter out. */
function formsOf<G extends string>({ word, group }: Entry<G>): Form<Entry<G>>[] {
  const plain = word.trim().replaceAll(/\s+/g, " ").slice(0, MAX_WORD).toLowerCase();
  if (plain.endsWith("*")) {
    const stem = plain.slice(0, -1);
    return [{ text: stem, value: { word: stem, group }, endings: "any" }];
  }
  const value = { word: plain, group };
  if (plain.length < MIN_INFLECTED || !/[a-z]{2}$/.test(plain))
    return [{ text: plain, value, endings: "none" }];
  const whole: Form<Entry<G>> = { text: plain, value, endings: "english" };
  return plain.endsWith("e") ? [whole, { text: plain.slice(0, -1), value, endings: "ing" }] : [whole];
}

function byGroup<G extends string>(entries: ReadonlySet<Entry<G>>): Found<G> {
  const found = new Map<G, string[]>();
  for (const { group, word } of entries) {
    const words = found.get(group);
    if (words === undefined) found.set(group, [word]);
    else if (!words.includes(word)) words.push(word);
  }
  return found;
}
