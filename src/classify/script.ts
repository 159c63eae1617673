/** What a character is to a reader of words. */
export const OTHER = 0;
export const SPACE = 1;
/** A letter, mark or digit of a script that parts its words by spaces. */
export const LETTER = 2;
/** A character of a script whose words have no spaces between them, or take endings without limit (Hangul). */
export const DENSE = 3;

/** A run of UTF-16 code units up to the next row's start: what they are, and tokens a unit. */
interface ScriptRange {
  readonly start: number;
  readonly kind: number;
  readonly tokens: number;
}

/**
 * Scripts in the order of Unicode's planes. Tokens a unit: rounded means of what byte-pair tokenizers with 100 to 200
 * thousand entries need for plain prose of that script.
 */
const SCRIPT_RANGES: readonly ScriptRange[] = [
  { start: 0x0000, kind: OTHER, tokens: 0.5 },
  { start: 0x0009, kind: SPACE, tokens: 0.05 },
  { start: 0x000a, kind: SPACE, tokens: 0.4 },
  { start: 0x000b, kind: SPACE, tokens: 0.05 },
  { start: 0x000e, kind: OTHER, tokens: 0.5 },
  { start: 0x0020, kind: SPACE, tokens: 0.02 },
  { start: 0x0021, kind: OTHER, tokens: 0.6 },
  { start: 0x0030, kind: LETTER, tokens: 0.4 },
  { start: 0x003a, kind: OTHER, tokens: 0.6 },
  { start: 0x0041, kind: LETTER, tokens: 0.23 },
  { start: 0x005b, kind: OTHER, tokens: 0.6 },
  { start: 0x005f, kind: LETTER, tokens: 0.5 },
  { start: 0x0060, kind: OTHER, tokens: 0.6 },
  { start: 0x0061, kind: LETTER, tokens: 0.23 },
  { start: 0x007b, kind: OTHER, tokens: 0.6 },
  { start: 0x00a0, kind: SPACE, tokens: 0.1 },
  { start: 0x00a1, kind: OTHER, tokens: 0.8 },
  { start: 0x00c0, kind: LETTER, tokens: 0.6 }, // Latin with marks
  { start: 0x0370, kind: LETTER, tokens: 0.6 }, // Greek
  { start: 0x0400, kind: LETTER, tokens: 0.35 }, // Cyrillic
  { start: 0x0530, kind: LETTER, tokens: 0.6 }, // Armenian, Hebrew, Arabic, Syriac
  { start: 0x0900, kind: LETTER, tokens: 0.6 }, // scripts of India
  { start: 0x0e00, kind: DENSE, tokens: 0.5 }, // Thai, Lao
  { start: 0x0f00, kind: DENSE, tokens: 0.9 }, // Tibetan, Burmese
  { start: 0x10a0, kind: LETTER, tokens: 0.8 }, // Georgian
  { start: 0x1100, kind: DENSE, tokens: 0.6 }, // Hangul Jamo
  { start: 0x1200, kind: LETTER, tokens: 0.9 }, // Ethiopic and others
  { start: 0x1780, kind: DENSE, tokens: 0.9 }, // Khmer
  { start: 0x1800, kind: LETTER, tokens: 0.9 },
  { start: 0x1e00, kind: LETTER, tokens: 0.6 }, // Latin and Greek with marks
  { start: 0x2000, kind: SPACE, tokens: 0.1 },
  { start: 0x200b, kind: OTHER, tokens: 0.8 }, // punctuation, arrows, operators, boxes
  { start: 0x2028, kind: SPACE, tokens: 0.4 },
  { start: 0x202a, kind: OTHER, tokens: 0.8 },
  { start: 0x2c00, kind: LETTER, tokens: 0.9 },
  { start: 0x2e00, kind: OTHER, tokens: 0.8 },
  { start: 0x2e80, kind: DENSE, tokens: 1 }, // Han radicals
  { start: 0x3000, kind: SPACE, tokens: 0.3 },
  { start: 0x3001, kind: OTHER, tokens: 0.6 },
  { start: 0x3005, kind: DENSE, tokens: 0.7 },
  { start: 0x3008, kind: OTHER, tokens: 0.6 },
  { start: 0x3041, kind: DENSE, tokens: 0.65 }, // Kana, Bopomofo, Hangul letters
  { start: 0x3200, kind: OTHER, tokens: 1 },
  { start: 0x3400, kind: DENSE, tokens: 0.8 }, // Han
  { start: 0xa000, kind: LETTER, tokens: 1 },
  { start: 0xac00, kind: DENSE, tokens: 0.7 }, // Hangul syllables
  { start: 0xd800, kind: OTHER, tokens: 1 }, // surrogates: emoji, rare Han
  { start: 0xf900, kind: DENSE, tokens: 1 },
  { start: 0xfb00, kind: LETTER, tokens: 0.9 },
  { start: 0xfe00, kind: OTHER, tokens: 0.8 },
  { start: 0xfe70, kind: LETTER, tokens: 0.9 },
  { start: 0xff00, kind: OTHER, tokens: 0.8 },
  { start: 0xff10, kind: LETTER, tokens: 0.9 }, // full-width digits and letters
  { start: 0xff5b, kind: OTHER, tokens: 0.8 },
  { start: 0xff66, kind: DENSE, tokens: 0.8 },
  { start: 0xffe0, kind: OTHER, tokens: 0.8 },
];

const UTF16_UNITS = 0x10000;

/** What each UTF-16 code unit is: OTHER, SPACE, LETTER or DENSE. */
export const KINDS: Readonly<Uint8Array> = fillRanges(new Uint8Array(UTF16_UNITS), "kind");

/** Tokens that each UTF-16 code unit takes on average. */
export const TOKENS: Readonly<Float32Array> = fillRanges(new Float32Array(UTF16_UNITS), "tokens");

function fillRanges<T extends Uint8Array | Float32Array>(table: T, field: "kind" | "tokens"): T {
  for (const [i, range] of SCRIPT_RANGES.entries()) {
    table.fill(range[field], range.start, SCRIPT_RANGES[i + 1]?.start ?? UTF16_UNITS);
  }
  return table;
}
