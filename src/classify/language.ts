import { createUnitReader } from "./code-units.ts";
import { HASH_START, hashWord, spread, withUnit } from "./features/hash-word.ts";
import { FUNCTION_WORDS, TELLING_LETTERS } from "./language/function-words.ts";
import { LANGUAGE_CODES, type LanguageCode } from "./language/language-codes.ts";
import { LANGUAGES_OF, type WritingSystem, writingSystemsOf } from "./language/writing-system.ts";
import { KINDS, LETTER } from "./script.ts";

/** Most UTF-16 code units that are read: half of them at the beginning, half at the end. */
const MAX_READ = 500;

/** Something that tells languages, by their places in `LANGUAGE_CODES`, and the more the fewer they are. */
interface Evidence {
  readonly languages: readonly number[];
  readonly weight: number;
}

/** A telling letter proves less than a word: names and loanwords keep theirs. */
const LETTER_WEIGHT = 0.7;

/** By the hash of the word. */
const WORD_EVIDENCE = new Map(
  [...languagesByWord()].map(([word, languages]) => [hashWord(word), evidenceOf(languages, 1)]),
);

const LETTER_EVIDENCE: readonly Evidence[] = TELLING_LETTERS.map(([, languages]) =>
  evidenceOf(languages, LETTER_WEIGHT),
);

const NO_EVIDENCE = 255;
const EVIDENCE_OF_LETTER = new Uint8Array(0x10000).fill(NO_EVIDENCE);
for (const [row, [letters]] of TELLING_LETTERS.entries())
  for (const letter of letters) EVIDENCE_OF_LETTER[letter.charCodeAt(0)] = row;

const readUnits = createUnitReader();

/**
 * The language of a text by its script, its function words and letters that few languages have; null where nothing
 * tells. Of a text in several languages the one of most of it. Pure, total and bounded: 500 code units are read.
 */
export function languageOf(text: string): LanguageCode | null {
  const lower = readable(text).toLowerCase();
  const units = readUnits(lower);
  let weights: Weights | null = null;
  for (const system of writingSystemsOf(units, lower.length)) {
    const [only, ...others] = LANGUAGES_OF[system];
    if (others.length === 0) return only ?? null;
    weights ??= weighEvidence(lower, units);
    const language = likeliest(LANGUAGES_OF[system], weights) ?? usualIn(system);
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

/** By the places of `LANGUAGE_CODES`. */
type Weights = Float64Array;

/** Each word and each row of letters counts once, however often it comes. */
function weighEvidence(lower: string, units: Uint16Array): Weights {
  const weights = new Float64Array(LANGUAGE_CODES.length);
  for (const evidence of lettersIn(units, lower.length)) add(weights, evidence);
  for (const evidence of wordsIn(units, lower.length)) add(weights, evidence);
  return weights;
}

function add(weights: Weights, { languages, weight }: Evidence): void {
  for (const language of languages) weights[language] = (weights[language] ?? 0) + weight;
}

function evidenceOf(languages: readonly LanguageCode[], weight: number): Evidence {
  const places = languages.map((language) => LANGUAGE_CODES.indexOf(language));
  return { languages: places, weight: weight / Math.sqrt(languages.length) };
}

function lettersIn(units: Uint16Array, length: number): Evidence[] {
  const found = new Set<number>();
  for (let at = 0; at < length; at += 1) {
    const row = EVIDENCE_OF_LETTER[units[at] ?? 0] ?? NO_EVIDENCE;
    if (row !== NO_EVIDENCE) found.add(row);
  }
  return [...found].flatMap((row) => LETTER_EVIDENCE[row] ?? []);
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

/** Words without marks, and pairs of them around an apostrophe: "c'est" is that, and not "c" and "est" alone. */
function wordsIn(units: Uint16Array, length: number): Set<Evidence> {
  const found = new Set<Evidence>();
  for (let at = 0; at < length; ) {
    const end = endOfWord(units, at);
    if (end > at) addWord(found, units, { at, end });
    at = end + 1;
  }
  return found;
}

function addWord(
  found: Set<Evidence>,
  units: Uint16Array,
  { at, end }: { readonly at: number; readonly end: number },
): void {
  const hash = hashOf(units, HASH_START, { at, end });
  const mark = units[end];
  const isJoined = mark === APOSTROPHE || mark === CURLY_APOSTROPHE;
  const joined = isJoined ? endOfWord(units, end + 1) : end;
  const whole = hashOf(units, withUnit(hash, APOSTROPHE), { at: end + 1, end: joined });
  const evidence =
    (isJoined ? WORD_EVIDENCE.get(spread(whole)) : undefined) ?? WORD_EVIDENCE.get(spread(hash));
  if (evidence !== undefined) found.add(evidence);
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
