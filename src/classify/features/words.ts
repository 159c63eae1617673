import { createUnitReader } from "../code-units.ts";
import { DENSE, KINDS, LETTER } from "../script.ts";
import { beginningOf, FUNCTION_WORD, OPENER, POLITE_WORD, traitsOf } from "./common-words.ts";
import { HASH_START, hashWord, spread, withUnit } from "./hash-word.ts";
import { RARITIES, rarityOf } from "./word-rarity.ts";

/** Most UTF-16 code units that are read for words. */
export const MAX_WORD_CHARS = 2_000;

/** The words of a text, and counts over them. Polite words are counted, and are otherwise no words. */
export interface Words {
  readonly total: number;
  /** The hash of each word in order, numbers all alike. Characters of scripts without spaces are words. */
  readonly hashes: Int32Array;
  readonly distinct: number;
  readonly polite: number;
  readonly functions: number;
  readonly numbers: number;
  /** Characters of all words together. */
  readonly chars: number;
  /** Words of one letter, of up to three, of at least seven. */
  readonly single: number;
  readonly short: number;
  readonly long: number;
  /** Words with a capital that begin no sentence, words of capitals, names as programs have them. */
  readonly capitalised: number;
  readonly allCapitals: number;
  readonly identifiers: number;
  readonly longest: number;
  /** Letters A, B, C … in order, each before a bracket, full stop or colon. */
  readonly options: number;
  /** Index of how the text begins, below 0 where that is nothing known. */
  readonly beginning: number;
  /** How many words there are of each rarity. */
  readonly rarities: Int32Array;
}

type Counts = { -readonly [K in Exclude<keyof Words, "hashes" | "rarities" | "distinct">]: number };

/** What every number is read as. */
const NUMBER = hashWord("0");

const NOT_BEGUN = -2;
const UNKNOWN_BEGINNING = -1;

const LONG = 7;
const SHORT = 3;

const [ZERO, NINE] = [48, 57];
const UNDERSCORE = 95;
const SMALL_A = 97;
/** Full stop, question mark, exclamation mark, colon, line feed, and their full-width forms. */
const SENTENCE_ENDS = new Set([46, 63, 33, 58, 10, 0x3002, 0xff1f, 0xff01, 0xff1a]);
/** Closing bracket, full stop, colon. */
const OPTION_MARKS = new Set([41, 46, 58]);

const readUnits = createUnitReader();
const readLowered = createUnitReader();
const hashes = new Int32Array(MAX_WORD_CHARS + 1);
const rarities = new Int32Array(RARITIES);

/** Reads the words of a text in one pass. What it gives is good until its next call. */
export function readWords(text: string): Words {
  const scan = startScan(text);
  while (scan.at < text.length) scanNext(scan);
  const { counts } = scan;
  const own = hashes.subarray(0, counts.total);
  return { ...counts, hashes: own, distinct: countDistinct(own), rarities };
}

interface Scan {
  readonly units: Uint16Array;
  readonly lowered: Uint16Array;
  readonly counts: Counts;
  at: number;
  beginsSentence: boolean;
}

function startScan(text: string): Scan {
  const lowered = text.toLowerCase();
  rarities.fill(0);
  const counts = {
    total: 0,
    polite: 0,
    functions: 0,
    numbers: 0,
    chars: 0,
    single: 0,
    short: 0,
    long: 0,
    capitalised: 0,
    allCapitals: 0,
    identifiers: 0,
    longest: 0,
    options: 0,
    beginning: NOT_BEGUN,
  };
  return {
    units: readUnits(text),
    // Few letters change their length with their case; then the case is left as it is.
    lowered: readLowered(lowered.length === text.length ? lowered : text),
    counts,
    at: 0,
    beginsSentence: true,
  };
}

function scanNext(scan: Scan): void {
  const unit = scan.units[scan.at] ?? 0;
  const kind = KINDS[unit];
  if (kind === LETTER) scanWord(scan);
  else {
    if (kind === DENSE) addWord(scan.counts, spread(withUnit(HASH_START, unit)), 1);
    else if (SENTENCE_ENDS.has(unit)) scan.beginsSentence = true;
    scan.at += 1;
  }
}

/** Reads one word whole. */
function scanWord(scan: Scan): void {
  const { units, lowered, counts } = scan;
  const from = scan.at;
  let hash = HASH_START;
  let capitals = 0;
  let digits = 0;
  let underscores = 0;
  let at = from;
  for (; KINDS[units[at] ?? 0] === LETTER; at += 1) {
    const unit = lowered[at] ?? 0;
    hash = withUnit(hash, unit);
    capitals += Number(unit !== units[at]);
    digits += Number(unit >= ZERO && unit <= NINE);
    underscores += Number(unit === UNDERSCORE);
  }
  const form = { from, chars: at - from, capitals, underscores, begins: scan.beginsSentence };
  scan.at = at;
  // A blank to be filled in is no word.
  if (underscores < form.chars) scan.beginsSentence = false;
  if (digits === form.chars) addNumber(counts);
  else if (addWord(counts, spread(hash), form.chars)) countForm(scan, form);
}

function addNumber(counts: Counts): void {
  if (counts.beginning === NOT_BEGUN) counts.beginning = UNKNOWN_BEGINNING;
  hashes[counts.total] = NUMBER;
  counts.total += 1;
  counts.numbers += 1;
}

/** Adds a word unless it is a polite one. */
function addWord(counts: Counts, hash: number, chars: number): boolean {
  const traits = traitsOf(hash);
  if ((traits & POLITE_WORD) !== 0) {
    counts.polite += 1;
    return false;
  }
  if (counts.beginning === NOT_BEGUN && (traits & OPENER) === 0) counts.beginning = beginningOf(traits);
  hashes[counts.total] = hash;
  counts.total += 1;
  counts.chars += chars;
  counts.functions += traits & FUNCTION_WORD;
  const rarity = rarityOf(hash);
  rarities[rarity] = (rarities[rarity] ?? 0) + 1;
  return true;
}

interface Form {
  readonly from: number;
  readonly chars: number;
  readonly capitals: number;
  readonly underscores: number;
  /** Whether it begins a sentence. */
  readonly begins: boolean;
}

function countForm(scan: Scan, form: Form): void {
  const { units, lowered, counts } = scan;
  const { from, chars } = form;
  counts.longest = Math.max(counts.longest, chars);
  counts.short += Number(chars <= SHORT);
  counts.long += Number(chars >= LONG);
  if (chars === 1) countLetter(counts, lowered[from] ?? 0, units[from + 1] ?? 0);
  countCapitals(counts, form, units[from] !== lowered[from]);
}

function countCapitals(
  counts: Counts,
  { chars, capitals, underscores, begins }: Form,
  startsHigh: boolean,
): void {
  const isAllCapitals = chars > 1 && capitals === chars;
  const hasInnerCapital = !isAllCapitals && capitals > Number(startsHigh);
  counts.allCapitals += Number(isAllCapitals);
  counts.capitalised += Number(startsHigh && !isAllCapitals && !begins);
  counts.identifiers += Number(hasInnerCapital || (underscores > 0 && underscores < chars));
}

function countLetter(counts: Counts, letter: number, next: number): void {
  counts.single += 1;
  if (letter === SMALL_A + counts.options && OPTION_MARKS.has(next)) counts.options += 1;
}

/** Places of the table in which words are found again: a power of two above twice the number of words. */
const SEEN_PLACES = 4_096;
const seenWords = new Int32Array(SEEN_PLACES);
const seenRounds = new Int32Array(SEEN_PLACES);
let round = 0;

function countDistinct(words: Int32Array): number {
  round = (round + 1) | 0;
  let distinct = 0;
  // An iterator over the array would make an object for each word.
  for (let at = 0; at < words.length; at += 1) distinct += addSeen(words[at] ?? 0);
  return distinct;
}

/** 1 for a word that is new in this round, else 0. */
function addSeen(word: number): number {
  let place = word & (SEEN_PLACES - 1);
  while (seenRounds[place] === round) {
    if (seenWords[place] === word) return 0;
    place = (place + 1) & (SEEN_PLACES - 1);
  }
  seenRounds[place] = round;
  seenWords[place] = word;
  return 1;
}
