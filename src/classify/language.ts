import { createUnitReader } from "./code-units.ts";
import { HASH_START, hashWord, spread, withUnit } from "./features/hash-word.ts";
import { HashedWords } from "./hashed-words.ts";
import { FUNCTION_WORDS, TELLING_LETTERS } from "./language/function-words.ts";
import { LANGUAGE_CODES, type LanguageCode } from "./language/language-codes.ts";
import { LANGUAGES_OF, type WritingSystem, writingSystemsOf } from "./language/writing-system.ts";
import { KINDS, LETTER } from "./script.ts";

/** Most UTF-16 code units that are read: half of them at the beginning, half at the end. */
const MAX_READ = 500;

/** A telling letter proves less than a word: names and loanwords keep theirs. */
const LETTER_WEIGHT = 0.7;

/** What tells languages, a row each: letters that few have, then function words. The fewer languages, the more it tells. */
const EVIDENCE: readonly Evidence[] = [
  ...TELLING_LETTERS.map(([, languages]) => evidenceOf(languages, LETTER_WEIGHT)),
  ...[...languagesByWord()].map(([word, languages]) => evidenceOf(languages, 1, hashWord(word))),
];

interface Evidence {
  /** Places in `LANGUAGE_CODES`. */
  readonly languages: readonly number[];
  readonly weight: number;
  /** Of the word; null of letters. */
  readonly hash: number | null;
}

const NO_EVIDENCE = -1;
const EVIDENCE_OF_LETTER = new Int16Array(0x10000).fill(NO_EVIDENCE);
for (const [row, [letters]] of TELLING_LETTERS.entries())
  for (const letter of letters) EVIDENCE_OF_LETTER[letter.charCodeAt(0)] = row;

/** Rows of words, one more each. */
const words = new HashedWords(13);
for (const [row, { hash }] of EVIDENCE.entries()) if (hash !== null) words.set(hash, row + 1);

const readUnits = createUnitReader();

/**
 * The language of a text by its script, its function words and letters that few languages have; null where nothing
 * tells. Of a text in several languages the one of most of it. Pure, total and bounded: 500 code units are read.
 */
export function languageOf(text: string): LanguageCode | null {
  const lower = readable(text).normalize("NFC").toLowerCase();
  const units = readUnits(lower);
  let found: Weights | null = null;
  for (const system of writingSystemsOf(units, lower.length)) {
    const languages = LANGUAGES_OF[system];
    if (languages.length === 1) return languages[0] ?? null;
    found ??= weighEvidence(units, lower.length);
    const language = likeliest(languages, found) ?? usualIn(system);
    if (language !== null) return language;
  }
  return null;
}

/** Latin letters alone tell nothing; any other script has a language that most of its texts are in. */
function usualIn(system: WritingSystem): LanguageCode | null {
  return system === "latin" ? null : (LANGUAGES_OF[system][0] ?? null);
}

function readable(text: string): string {
  if (text.length <= MAX_READ) return text;
  return `${text.slice(0, MAX_READ / 2)} ${text.slice(-MAX_READ / 2)}`;
}

/** By the places of `LANGUAGE_CODES`; good until the next text is weighed. */
type Weights = Float64Array;
const weights: Weights = new Float64Array(LANGUAGE_CODES.length);

/** The last text in which each row of the evidence was met. */
const metIn = new Int32Array(EVIDENCE.length);
let round = 0;

/** Each word and each row of letters counts once, however often it comes. */
function weighEvidence(units: Uint16Array, length: number): Weights {
  round = (round + 1) | 0;
  weights.fill(0);
  for (let at = 0; at < length; at += 1) {
    const row = EVIDENCE_OF_LETTER[units[at] ?? 0] ?? NO_EVIDENCE;
    if (row !== NO_EVIDENCE) weigh(row);
  }
  for (let at = 0; at < length; ) {
    const end = endOfWord(units, at);
    if (end > at) weigh(evidenceOfWord(units, at, end));
    at = end + 1;
  }
  return weights;
}

function weigh(row: number): void {
  if (row === NO_EVIDENCE || metIn[row] === round) return;
  metIn[row] = round;
  const evidence = EVIDENCE[row];
  if (evidence === undefined) return;
  for (const language of evidence.languages) weights[language] = (weights[language] ?? 0) + evidence.weight;
}

function evidenceOf(
  languages: readonly LanguageCode[],
  weight: number,
  hash: number | null = null,
): Evidence {
  const places = languages.map((language) => LANGUAGE_CODES.indexOf(language));
  return { languages: places, weight: weight / Math.sqrt(languages.length), hash };
}

function likeliest(languages: readonly LanguageCode[], weights: Weights): LanguageCode | null {
  let best: LanguageCode | null = null;
  let most = 0;
  for (const language of languages) {
    const weight = weights[LANGUAGE_CODES.indexOf(language)] ?? 0;
    if (weight > most) [best, most] = [language, weight];
  }
  return best;
}

const APOSTROPHE = 39;
const CURLY_APOSTROPHE = 0x2019;

/** What a word tells; around an apostrophe a pair of words goes first: "c'est" is that, and not "c" and "est" alone. */
function evidenceOfWord(units: Uint16Array, at: number, end: number): number {
  const hash = hashOf(units, HASH_START, { at, end });
  const mark = units[end];
  if (mark === APOSTROPHE || mark === CURLY_APOSTROPHE) {
    const joined = { at: end + 1, end: endOfWord(units, end + 1) };
    const row = rowOf(spread(hashOf(units, withUnit(hash, APOSTROPHE), joined)));
    if (row !== NO_EVIDENCE) return row;
  }
  return rowOf(spread(hash));
}

function rowOf(hash: number): number {
  return words.get(hash) - 1;
}

/** Where the letters end that begin at a place; the NUL behind a text is none. */
function endOfWord(units: Uint16Array, at: number): number {
  let end = at;
  while (KINDS[units[end] ?? 0] === LETTER) end += 1;
  return end;
}

function hashOf(
  units: Uint16Array,
  start: number,
  { at, end }: { readonly at: number; readonly end: number },
): number {
  let hash = start;
  for (let i = at; i < end; i += 1) hash = withUnit(hash, units[i] ?? 0);
  return hash;
}

function languagesByWord(): Map<string, LanguageCode[]> {
  const byWord = new Map<string, LanguageCode[]>();
  for (const language of Object.values(LANGUAGES_OF).flat()) {
    for (const word of new Set((FUNCTION_WORDS[language] ?? "").split(/\s+/))) {
      if (word !== "") byWord.set(word, [...(byWord.get(word) ?? []), language]);
    }
  }
  return byWord;
}
