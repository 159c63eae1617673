import { createUnitReader } from "../code-units.ts";

/** What a character is to the eye; numbers index rows and columns of `Characters.pairs`. */
export const CLASS = {
  other: 0,
  space: 1,
  lineFeed: 2,
  lower: 3,
  upper: 4,
  digit: 5,
  stop: 6,
  comma: 7,
  open: 8,
  close: 9,
  operator: 10,
  quote: 11,
  tex: 12,
  mark: 13,
  letter: 14,
  dense: 15,
} as const;

/** Classes of characters. */
export const CLASSES = 16;

/** Characters that are counted one by one: ASCII. */
export const ASCII = 128;

/** What is counted beyond ASCII, in the order of its slots, which follow those of ASCII. */
export const SCRIPTS = [
  "otherSymbols",
  "latinMarked",
  "greek",
  "cyrillic",
  "hebrewArabic",
  "otherLetters",
  "unspacedAsian",
  "hangul",
  "kana",
  "han",
  "maths",
  "typographic",
  "surrogates",
] as const;

/** A name of what is counted beyond ASCII. */
export type Script = (typeof SCRIPTS)[number];

/** Counts over the characters of a text. Good until the next text is counted. */
export interface Characters {
  readonly total: number;
  /** How often each slot occurs: ASCII characters by their code, then `SCRIPTS`. */
  readonly slots: Int32Array;
  /** How often a class follows another: `CLASSES` × `CLASSES`, the class before is the row. */
  readonly pairs: Int32Array;
}

interface Range {
  readonly start: number;
  readonly script: Script;
  readonly kind: number;
}

/** Scripts by Unicode's blocks, each up to the next row's start. */
const RANGES: readonly Range[] = [
  { start: 0x0080, script: "otherSymbols", kind: CLASS.other },
  { start: 0x00c0, script: "latinMarked", kind: CLASS.lower },
  { start: 0x0370, script: "greek", kind: CLASS.letter },
  { start: 0x0400, script: "cyrillic", kind: CLASS.letter },
  { start: 0x0530, script: "hebrewArabic", kind: CLASS.letter },
  { start: 0x0900, script: "otherLetters", kind: CLASS.letter },
  { start: 0x0e00, script: "unspacedAsian", kind: CLASS.dense },
  { start: 0x10a0, script: "otherLetters", kind: CLASS.letter },
  { start: 0x1100, script: "hangul", kind: CLASS.dense },
  { start: 0x1200, script: "otherLetters", kind: CLASS.letter },
  { start: 0x1780, script: "unspacedAsian", kind: CLASS.dense },
  { start: 0x1800, script: "otherLetters", kind: CLASS.letter },
  { start: 0x1e00, script: "latinMarked", kind: CLASS.lower },
  { start: 0x1f00, script: "greek", kind: CLASS.letter },
  { start: 0x2000, script: "typographic", kind: CLASS.other },
  { start: 0x2070, script: "maths", kind: CLASS.operator },
  { start: 0x20a0, script: "otherSymbols", kind: CLASS.other },
  { start: 0x2100, script: "maths", kind: CLASS.operator },
  { start: 0x2300, script: "otherSymbols", kind: CLASS.other },
  { start: 0x27c0, script: "maths", kind: CLASS.operator },
  { start: 0x2b00, script: "otherSymbols", kind: CLASS.other },
  { start: 0x2c00, script: "otherLetters", kind: CLASS.letter },
  { start: 0x2e80, script: "han", kind: CLASS.dense },
  { start: 0x3000, script: "typographic", kind: CLASS.other },
  { start: 0x3041, script: "kana", kind: CLASS.dense },
  { start: 0x3130, script: "hangul", kind: CLASS.dense },
  { start: 0x3190, script: "han", kind: CLASS.dense },
  { start: 0xa000, script: "otherLetters", kind: CLASS.letter },
  { start: 0xac00, script: "hangul", kind: CLASS.dense },
  { start: 0xd800, script: "surrogates", kind: CLASS.other },
  { start: 0xe000, script: "otherSymbols", kind: CLASS.other },
  { start: 0xf900, script: "han", kind: CLASS.dense },
  { start: 0xfb00, script: "hebrewArabic", kind: CLASS.letter },
  { start: 0xff00, script: "typographic", kind: CLASS.other },
  { start: 0xff66, script: "kana", kind: CLASS.dense },
  { start: 0xffe0, script: "otherSymbols", kind: CLASS.other },
];

const UTF16_UNITS = 0x10000;

const SLOT_OF = new Uint8Array(UTF16_UNITS);
const CLASS_OF = new Uint8Array(UTF16_UNITS);

for (let unit = 0; unit < ASCII; unit += 1) SLOT_OF[unit] = unit;
for (const [i, { start, script, kind }] of RANGES.entries()) {
  const end = RANGES[i + 1]?.start ?? UTF16_UNITS;
  SLOT_OF.fill(ASCII + SCRIPTS.indexOf(script), start, end);
  CLASS_OF.fill(kind, start, end);
}
classify(" \t\r\v\f\u00a0\u3000", CLASS.space);
classify("\n", CLASS.lineFeed);
classify("abcdefghijklmnopqrstuvwxyz", CLASS.lower);
classify("ABCDEFGHIJKLMNOPQRSTUVWXYZ", CLASS.upper);
classify("0123456789", CLASS.digit);
classify(".?!。？！", CLASS.stop);
classify(",;:，；：、", CLASS.comma);
classify("([{（【「", CLASS.open);
classify(")]}）】」", CLASS.close);
classify("+-*/=<>^%|&~±×÷", CLASS.operator);
classify("\"'“”‘’", CLASS.quote);
classify("\\$", CLASS.tex);
classify("_#@`", CLASS.mark);
// Maths that stands among the other symbols of Latin-1.
for (const symbol of "±×÷¬²³¹") SLOT_OF[symbol.charCodeAt(0)] = ASCII + SCRIPTS.indexOf("maths");

function classify(characters: string, kind: number): void {
  for (const character of characters) CLASS_OF[character.charCodeAt(0)] = kind;
}

const slots = new Int32Array(ASCII + SCRIPTS.length);
const pairs = new Int32Array(CLASSES * CLASSES);
const readUnits = createUnitReader();

/** Counts a text's characters, and which class follows which, in one pass. A line feed stands before the text. */
export function countCharacters(text: string): Characters {
  slots.fill(0);
  pairs.fill(0);
  const units = readUnits(text);
  let before: number = CLASS.lineFeed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = units[i] ?? 0;
    const slot = SLOT_OF[unit] ?? 0;
    const kind = CLASS_OF[unit] ?? 0;
    const pair = before * CLASSES + kind;
    slots[slot] = (slots[slot] ?? 0) + 1;
    pairs[pair] = (pairs[pair] ?? 0) + 1;
    before = kind;
  }
  return { total: text.length, slots, pairs };
}
