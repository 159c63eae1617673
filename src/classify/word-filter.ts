import { KINDS, LETTER } from "./script.ts";
import { symbolOf } from "./symbol.ts";
import type { Form } from "./word-form.ts";

/** Letters of a word that are looked at: enough to reject six words of seven in English prose. */
const LETTERS_READ = 4;
const BITS_PER_LETTER = 8;
const LETTER_MASK = 0xff;

const NO_LETTERS = 0;
/** The byte of a first letter that lets every word pass. */
const ANY_WORD = 1;
/** Smallest byte of any other letter. */
const FIRST_BYTE = 2;

/** Places for beginnings: with the thousand of the built-in words, one other word in thirty passes by mistake. */
const PLACE_BITS = 15;
const HASH_BITS = 32;
/** Odd multiplier that spreads beginnings over the places (golden ratio). */
const FACTOR = 0x9e3779b1;

/** Most places that one code unit adds: the one behind it, and its own. */
const PLACES_PER_UNIT = 2;

/** Tells at a glance that no spelling begins in a place of a text. It may err the other way. */
export interface WordFilter {
  /** A byte for each code unit that is a letter, 0 for every other one. */
  readonly letterBytes: Uint8Array;
  /** 1 for each code unit, but for letters, with which a spelling begins. */
  readonly marks: Uint8Array;
  /** 1 where the first letters of a spelling have their place. */
  readonly beginnings: Uint8Array;
}

/** Makes the filter of these spellings, none of which is empty. */
export function createWordFilter(forms: readonly Form<unknown>[]): WordFilter {
  const whole = forms.filter((form) => !tellsBeginning(form));
  const firsts = new Set(whole.map(({ text }) => symbolOf(text.charCodeAt(0))));
  const isFirst = (unit: number): boolean => firsts.has(symbolOf(unit));
  const filter = {
    letterBytes: Uint8Array.from(KINDS, (kind, unit) => (kind === LETTER ? byteOf(unit, isFirst(unit)) : 0)),
    marks: Uint8Array.from(KINDS, (kind, unit) => (kind !== LETTER && isFirst(unit) ? 1 : 0)),
    beginnings: new Uint8Array(2 ** PLACE_BITS),
  };
  for (const form of forms) if (tellsBeginning(form)) addBeginning(filter, form);
  return filter;
}

/** The places of a text where a spelling may begin. */
export interface Starts {
  /** The last place first; good as far as `count`. */
  readonly places: Int32Array;
  readonly count: number;
}

/**
 * Makes a function that finds these places: a letter begins a spelling only where none stands before it. What it gives
 * is good until its next call.
 */
export function createStartFinder(filter: WordFilter): (units: Uint16Array, length: number) => Starts {
  let places = new Int32Array(0);
  return (units, length) => {
    if (places.length < PLACES_PER_UNIT * (length + 1))
      places = new Int32Array(2 * PLACES_PER_UNIT * (length + 1));
    return { places, count: writeStarts(filter, { units, length, places }) };
  };
}

/** Writes a place first and counts it where it holds: a branch that is guessed wrongly takes longer. */
function writeStarts(filter: WordFilter, { units, length, places }: Writing): number {
  const { letterBytes, marks } = filter;
  let count = 0;
  let letters = NO_LETTERS;
  // Backwards, because then the first letters of a word are those put in last.
  for (let at = length - 1; at >= 0; at -= 1) {
    const unit = units[at] ?? 0;
    const letter = letterBytes[unit] ?? 0;
    if (letter !== 0) letters = withLetter(letters, letter);
    else {
      places[count] = at + 1;
      count += mayBegin(filter, letters);
      places[count] = at;
      count += marks[unit] ?? 0;
      letters = NO_LETTERS;
    }
  }
  places[count] = 0;
  return count + mayBegin(filter, letters);
}

interface Writing {
  readonly units: Uint16Array;
  readonly length: number;
  readonly places: Int32Array;
}

/** 1 where a spelling may begin with letters that were put together by `withLetter`, otherwise 0. */
function mayBegin({ beginnings }: WordFilter, letters: number): number {
  return (letters & LETTER_MASK) === ANY_WORD ? 1 : (beginnings[placeOf(letters)] ?? 0);
}

/** Puts a letter's byte before letters, in one number, out of which those behind the fourth fall. */
function withLetter(letters: number, letter: number): number {
  return (letters << BITS_PER_LETTER) | letter;
}

function placeOf(letters: number): number {
  return Math.imul(letters, FACTOR) >>> (HASH_BITS - PLACE_BITS);
}

function byteOf(unit: number, isFirst: boolean): number {
  return isFirst ? ANY_WORD : Math.max(FIRST_BYTE, (unit ^ (unit >> BITS_PER_LETTER)) & LETTER_MASK);
}

/** Whether all words that a spelling fits begin alike, and with a letter. */
function tellsBeginning({ text, endings }: Form<unknown>): boolean {
  const letters = lettersIn(text);
  const isCut = letters < text.length || letters >= LETTERS_READ;
  return letters > 0 && (isCut || endings === "none" || endings === "ing");
}

function addBeginning(filter: WordFilter, { text, endings }: Form<unknown>): void {
  const word = endings === "ing" ? `${text}${endings}` : text;
  let letters = NO_LETTERS;
  for (let at = lettersIn(word) - 1; at >= 0; at -= 1) {
    letters = withLetter(letters, filter.letterBytes[word.charCodeAt(at)] ?? 0);
  }
  filter.beginnings[placeOf(letters)] = 1;
}

/** How many letters a text begins with. */
function lettersIn(text: string): number {
  let count = 0;
  while (KINDS[text.charCodeAt(count)] === LETTER) count += 1;
  return count;
}
