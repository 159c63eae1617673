import type { FoundPhrase, Phrases } from "./policy.ts";

/** Where phrases are looked for: in so many UTF-16 code units at either end of a text. What stands between may be quoted. */
const END_CHARS = 200;

const WORDS = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*/gu;
const NOTHING = /(?!)/;
/** Scripts that are written without spaces: there a phrase is found anywhere. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/u;

/**
 * Compiles phrases: any case, whole words, punctuation aside. A phrase of several words is found anywhere in the first
 * and the last 200 characters of a text, one of a single word only as its first or last word. Time does not
 * depend on the length of the text.
 */
export function compilePhrases(list: readonly string[]): Phrases {
  const unspaced = list.filter((phrase) => UNSPACED.test(phrase)).map((phrase) => phrase.toLowerCase());
  const spaced = list.filter((phrase) => !UNSPACED.test(phrase)).map(wordsOf);
  const phrases = byFirstWord(spaced);
  // Letters, digits, marks and apostrophes: nothing that a pattern would read as more.
  const mark = spaced.length === 0 ? NOTHING : new RegExp(spaced.map(longestOf).join("|"), "u");
  const find = (text: string): FoundPhrase | null => {
    for (const end of endsOf(text)) {
      const found = findUnspaced(end, unspaced) ?? findSpaced(end, { phrases, mark });
      if (found !== null) return { ...found, rest: text.length > 2 * END_CHARS ? text : found.rest };
    }
    return null;
  };
  return Object.freeze({ list, find: rememberLast(find) });
}

/** A decision asks about the same turn more than once. */
function rememberLast(find: Phrases["find"]): Phrases["find"] {
  let last: { readonly text: string; readonly found: FoundPhrase | null } = { text: "", found: find("") };
  return (text) => {
    if (text !== last.text) last = { text, found: find(text) };
    return last.found;
  };
}

/** The whole text, or its head and its tail without the words that were cut in two. */
function endsOf(text: string): readonly string[] {
  if (text.length <= 2 * END_CHARS) return [text];
  return [withoutCutWord(text.slice(0, END_CHARS)), text.slice(-END_CHARS).replace(/^\S+(?=\s)/, "")];
}

/** A text without blanks is in a script without spaces, and stays whole. */
function withoutCutWord(head: string): string {
  let end = head.length;
  while (end > 0 && !/\s/.test(head.charAt(end - 1))) end -= 1;
  return end === 0 ? head : head.slice(0, end);
}

type ByFirstWord = ReadonlyMap<string, readonly (readonly string[])[]>;

function byFirstWord(phrases: readonly (readonly string[])[]): ByFirstWord {
  return Map.groupBy(
    phrases.toSorted((a, b) => b.length - a.length),
    ([first = ""]) => first,
  );
}

function longestOf(phrase: readonly string[]): string {
  return phrase.reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}

function wordsOf(text: string): string[] {
  return plainOf(text).match(WORDS) ?? [];
}

function plainOf(text: string): string {
  return text.toLowerCase().replaceAll("’", "'");
}

interface SpacedPhrases {
  readonly phrases: ByFirstWord;
  /** Finds a word of each phrase: a text without any of them holds none, and is not taken apart. */
  readonly mark: RegExp;
}

function findSpaced(text: string, { phrases, mark }: SpacedPhrases): FoundPhrase | null {
  const plain = plainOf(text);
  if (!mark.test(plain)) return null;
  const words = plain.match(WORDS) ?? [];
  for (const [at, word] of words.entries()) {
    const atAnEnd = at === 0 || at === words.length - 1;
    const found = phrases
      .get(word)
      ?.find((phrase) => (phrase.length > 1 || atAnEnd) && phrase.every((part, i) => words[at + i] === part));
    if (found === undefined) continue;
    return { phrase: found.join(" "), rest: words.toSpliced(at, found.length).join(" ") };
  }
  return null;
}

function findUnspaced(text: string, phrases: readonly string[]): FoundPhrase | null {
  const plain = text.toLowerCase();
  const phrase = phrases.find((candidate) => plain.includes(candidate));
  return phrase === undefined ? null : { phrase, rest: plain.replace(phrase, " ").trim() };
}
