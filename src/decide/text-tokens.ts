import { createUnitReader } from "../classify/code-units.ts";
import { TOKEN_HUNDREDTHS } from "../classify/script.ts";

/** What a UTF-16 code unit is to a tokenizer that first cuts a text into pieces. */
const SPACE = 0;
const BREAK = 1;
const LOWER = 2;
const UPPER = 3;
const DIGIT = 4;
const MARK = 5;
const WIDE = 6;

/** The NUL behind a text, and any within it: a piece by itself. */
const NUL = 7;

const ASCII = 0x80;
const KINDS = new Uint8Array(0x10000).fill(WIDE);
for (let unit = 0; unit < ASCII; unit += 1) KINDS[unit] = kindOf(String.fromCharCode(unit));

const readUnits = createUnitReader();

/** Digits that go into one token, as in the vocabularies of GPT-4 and later. */
const DIGITS_PER_TOKEN = 3;
/** Letters of a word that are one token, and letters of each further token: fitted to prose, code and JSON. */
const WORD_LETTERS = 9;
const FURTHER_LETTERS = 4;
/** Marks of a run that are one token: `":"` and `)));` are. */
const MARKS_PER_TOKEN = 3;
/** A word inside of a word, as in `maxTokens`, is more often part of one token than a word of its own. */
const INNER_WORD_TOKENS = 0.75;

/**
 * Estimates the tokens of a text as byte-pair vocabularies with 100 to 200 thousand entries cut it: into words, digits
 * by three, runs of marks and line breaks; what lies beyond ASCII counts by its script. Linear in the text's length.
 */
export function countTokens(text: string): number {
  const units = readUnits(text);
  let tokens = 0;
  let before = NUL;
  for (let at = 0; at < text.length; ) {
    const kind = kindAt(units, at);
    if (isAlone(units, at, kind)) {
      tokens += kind === WIDE ? wideTokens(units, at) : 0;
      before = kind;
      at += 1;
      continue;
    }
    const endOfKind = endOfRun(units, at, kind);
    // A word may start with capitals.
    const end = kind === UPPER ? endOfRun(units, endOfKind - 1, LOWER) : endOfKind;
    tokens += tokensOf(kind, end - at, before);
    before = end > endOfKind ? LOWER : kind;
    at = end;
  }
  return tokens;
}

function kindAt(units: Uint16Array, at: number): number {
  return KINDS[units[at] ?? 0] ?? WIDE;
}

/** Of no run: a unit beyond ASCII, and one space, which belongs to the word behind it. */
function isAlone(units: Uint16Array, at: number, kind: number): boolean {
  return kind === WIDE || (kind === SPACE && kindAt(units, at + 1) !== SPACE);
}

function wideTokens(units: Uint16Array, at: number): number {
  return (TOKEN_HUNDREDTHS[units[at] ?? 0] ?? 0) / 100;
}

function kindOf(char: string): number {
  if (char === "\0") return NUL;
  if (char === "\n" || char === "\r") return BREAK;
  if (/\s/.test(char)) return SPACE;
  if (/[a-z]/.test(char)) return LOWER;
  if (/[A-Z]/.test(char)) return UPPER;
  return /\d/.test(char) ? DIGIT : MARK;
}

/** Where the units of a kind end that go on behind a place; a NUL is a piece by itself. */
function endOfRun(units: Uint16Array, start: number, kind: number): number {
  let end = start + 1;
  while (kindAt(units, end) === kind && kind !== NUL) end += 1;
  return end;
}

function tokensOf(kind: number, length: number, before: number): number {
  switch (kind) {
    case NUL:
      return 1;
    case SPACE:
      return 1;
    case BREAK:
      // Behind a mark it belongs to that.
      return before === MARK ? 0 : 1;
    case DIGIT:
      return Math.ceil(length / DIGITS_PER_TOKEN);
    case MARK:
      return Math.ceil(length / MARKS_PER_TOKEN);
    default: {
      const further = Math.max(0, length - WORD_LETTERS) / FURTHER_LETTERS;
      return (before === LOWER ? INNER_WORD_TOKENS : 1) + further;
    }
  }
}
