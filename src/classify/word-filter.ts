import { KINDS, LETTER } from "./script.ts";
import { symbolOf } from "./symbol.ts";
import type { Form } from "./word-form.ts";

/** Letters of a word that are looked at: enough to reject six words of seven in English prose. */
const LETTERS_READ = 4;

/** Places for beginnings: with the thousand of the built-in words, one word in sixteen passes by mistake. */
const PLACE_BITS = 14;
const HASH_BITS = 32;
/** Odd multiplier that spreads beginnings over the places (golden ratio). */
const FACTOR = 0x9e3779b1;
const BITS_PER_LETTER = 8;

const UTF16_UNITS = 0x10000;

/** What a first character says: no spelling begins with it, some do, or its first letters do not tell. */
const NEVER = 0;
const BY_BEGINNING = 1;
const ALWAYS = 2;

/** Tells at a glance that no spelling begins in a place of a text. It may err the other way. */
export interface WordFilter {
  readonly byFirst: Uint8Array;
  /** 1 where a spelling has a beginning with that hash. */
  readonly beginnings: Uint8Array;
}

/** The letter that each UTF-16 code unit is, 0 for every other character. */
const LETTERS = Uint16Array.from(KINDS, (kind, unit) => (kind === LETTER ? unit : 0));

export function createWordFilter(forms: readonly Form<unknown>[]): WordFilter {
  const filter = { byFirst: new Uint8Array(UTF16_UNITS), beginnings: new Uint8Array(2 ** PLACE_BITS) };
  for (const form of forms) admit(filter, form);
  return filter;
}

/** @param units the text, with at least three places that hold no letter behind it. */
export function mayBegin({ byFirst, beginnings }: WordFilter, units: Uint16Array, at: number): boolean {
  const first = byFirst[symbolOf(units[at] ?? 0)];
  return first === BY_BEGINNING ? beginnings[placeOf(units, at)] === 1 : first === ALWAYS;
}

function admit(filter: WordFilter, form: Form<unknown>): void {
  const beginning = beginningOf(form);
  const first = symbolOf(form.text.charCodeAt(0));
  const known = filter.byFirst[first] ?? NEVER;
  filter.byFirst[first] = Math.max(known, beginning === null ? ALWAYS : BY_BEGINNING);
  if (beginning !== null) filter.beginnings[placeOf(unitsOf(beginning), 0)] = 1;
}

/** How every word begins that a spelling fits; null where it begins with no letter or may go on in several ways. */
function beginningOf({ text, endings }: Form<unknown>): string | null {
  const letters = unitsOf(text).findIndex((unit) => LETTERS[unit] === 0);
  if (letters === 0) return null;
  if (letters < text.length || letters >= LETTERS_READ || endings === "none") return text;
  return endings === "ing" ? `${text}${endings}` : null;
}

/** As the filter reads a text: with no letters behind it. */
function unitsOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length + LETTERS_READ }, (_, i) => text.charCodeAt(i));
}

/** Where the first letters of a word, up to a character that is none, stand among the beginnings. */
function placeOf(units: Uint16Array, at: number): number {
  let letters = 0;
  for (let i = at; i < at + LETTERS_READ; i += 1) {
    const letter = LETTERS[units[i] ?? 0] ?? 0;
    if (letter === 0) break;
    letters = (letters << BITS_PER_LETTER) + letter;
  }
  return Math.imul(letters, FACTOR) >>> (HASH_BITS - PLACE_BITS);
}
