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

const NUL = 0;
const ASCII = 0x80;
const CLASSES = Uint8Array.from({ length: ASCII }, (_, unit) => classOf(String.fromCharCode(unit)));

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
  let before: number | null = null;
  for (let at = 0; at < text.length; ) {
    const unit = units[at] ?? 0;
    const kind = kindOf(unit);
    const end = kind === WIDE ? at + 1 : endOfRun(units, at, kind);
    tokens += kind === WIDE ? (TOKEN_HUNDREDTHS[unit] ?? 0) / 100 : tokensOf(kind, end - at, before);
    before = kindOf(units[end - 1] ?? 0);
    at = end;
  }
  return tokens;
}

function classOf(char: string): number {
  if (char === "\n" || char === "\r") return BREAK;
  if (/\s/.test(char)) return SPACE;
  if (/[a-z]/.test(char)) return LOWER;
  if (/[A-Z]/.test(char)) return UPPER;
  return /\d/.test(char) ? DIGIT : MARK;
}

function kindOf(unit: number): number {
  return unit < ASCII ? (CLASSES[unit] ?? MARK) : WIDE;
}

/** Where the piece ends that starts at a place: a word may start with capitals. The NUL behind a text ends any. */
function endOfRun(units: Uint16Array, start: number, kind: number): number {
  let end = start + 1;
  while (kindOf(units[end] ?? 0) === kind && units[end] !== NUL) end += 1;
  if (kind !== UPPER) return end;
  while (kindOf(units[end] ?? 0) === LOWER) end += 1;
  return end;
}

function tokensOf(kind: number, length: number, before: number | null): number {
  switch (kind) {
    case SPACE:
      // One space belongs to the word behind it.
      return length > 1 ? 1 : 0;
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
