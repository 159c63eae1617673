/** What a character is to a reader of words. */
const OTHER = 0;
export const SPACE = 1;
/** A letter, mark or digit of a script that parts its words by spaces. */
export const LETTER = 2;
/** A character of a script whose words have no spaces between them, or take endings without limit (Hangul). */
export const DENSE = 3;

/** A run of UTF-16 code units up to the next row's start: what they are, and hundredths of a token a unit. */
interface ScriptRange {
  readonly start: number;
  readonly kind: number;
  readonly hundredths: number;
}

/**
 * Scripts in the order of Unicode's planes. Hundredths: rounded means of what byte-pair tokenizers with 100 to 200
 * thousand entries need for plain prose of that script.
 */
const SCRIPT_RANGES: readonly ScriptRange[] = [
  { start: 0x0000, kind: OTHER, hundredths: 50 },
  { start: 0x0009, kind: SPACE, hundredths: 5 },
  { start: 0x000a, kind: SPACE, hundredths: 40 },
  { start: 0x000b, kind: SPACE, hundredths: 5 },
  { start: 0x000e, kind: OTHER, hundredths: 50 },
  { start: 0x0020, kind: SPACE, hundredths: 2 },
  { start: 0x0021, kind: OTHER, hundredths: 60 },
  { start: 0x0030, kind: LETTER, hundredths: 40 },
  { start: 0x003a, kind: OTHER, hundredths: 60 },
  { start: 0x0041, kind: LETTER, hundredths: 23 },
  { start: 0x005b, kind: OTHER, hundredths: 60 },
  { start: 0x005f, kind: LETTER, hundredths: 50 },
  { start: 0x0060, kind: OTHER, hundredths: 60 },
  { start: 0x0061, kind: LETTER, hundredths: 23 },
  { start: 0x007b, kind: OTHER, hundredths: 60 },
  { start: 0x00a0, kind: SPACE, hundredths: 10 },
  { start: 0x00a1, kind: OTHER, hundredths: 80 },
  { start: 0x00c0, kind: LETTER, hundredths: 60 }, // Latin with marks
  { start: 0x0370, kind: LETTER, hundredths: 60 }, // Greek
  { start: 0x0400, kind: LETTER, hundredths: 35 }, // Cyrillic
  { start: 0x0530, kind: LETTER, hundredths: 60 }, // Armenian, Hebrew, Arabic, Syriac
  { start: 0x0900, kind: LETTER, hundredths: 60 }, // scripts of India
  { start: 0x0e00, kind: DENSE, hundredths: 50 }, // Thai, Lao
  { start: 0x0f00, kind: DENSE, hundredths: 90 }, // Tibetan, Burmese
  { start: 0x10a0, kind: LETTER, hundredths: 80 }, // Georgian
  { start: 0x1100, kind: DENSE, hundredths: 60 }, // Hangul Jamo
  { start: 0x1200, kind: LETTER, hundredths: 90 }, // Ethiopic and others
  { start: 0x1780, kind: DENSE, hundredths: 90 }, // Khmer
  { start: 0x1800, kind: LETTER, hundredths: 90 },
  { start: 0x1e00, kind: LETTER, hundredths: 60 }, // Latin and Greek with marks
  { start: 0x2000, kind: SPACE, hundredths: 10 },
  { start: 0x200b, kind: OTHER, hundredths: 80 }, // punctuation, arrows, operators, boxes
  { start: 0x2028, kind: SPACE, hundredths: 40 },
  { start: 0x202a, kind: OTHER, hundredths: 80 },
  { start: 0x2c00, kind: LETTER, hundredths: 90 },
  { start: 0x2e00, kind: OTHER, hundredths: 80 },
  { start: 0x2e80, kind: DENSE, hundredths: 100 }, // Han radicals
  { start: 0x3000, kind: SPACE, hundredths: 30 },
  { start: 0x3001, kind: OTHER, hundredths: 60 },
  { start: 0x3005, kind: DENSE, hundredths: 70 },
  { start: 0x3008, kind: OTHER, hundredths: 60 },
  { start: 0x3041, kind: DENSE, hundredths: 65 }, // Kana, Bopomofo, Hangul letters
  { start: 0x3200, kind: OTHER, hundredths: 100 },
  { start: 0x3400, kind: DENSE, hundredths: 80 }, // Han
  { start: 0xa000, kind: LETTER, hundredths: 100 },
  { start: 0xac00, kind: DENSE, hundredths: 70 }, // Hangul syllables
  { start: 0xd800, kind: OTHER, hundredths: 100 }, // surrogates: emoji, rare Han
  { start: 0xf900, kind: DENSE, hundredths: 100 },
  { start: 0xfb00, kind: LETTER, hundredths: 90 },
  { start: 0xfe00, kind: OTHER, hundredths: 80 },
  { start: 0xfe70, kind: LETTER, hundredths: 90 },
  { start: 0xff00, kind: OTHER, hundredths: 80 },
  { start: 0xff10, kind: LETTER, hundredths: 90 }, // full-width digits and letters
  { start: 0xff5b, kind: OTHER, hundredths: 80 },
  { start: 0xff66, kind: DENSE, hundredths: 80 },
  { start: 0xffe0, kind: OTHER, hundredths: 80 },
];

const UTF16_UNITS = 0x10000;

/** What each UTF-16 code unit is: OTHER, SPACE, LETTER or DENSE. */
export const KINDS: Readonly<Uint8Array> = fillRanges(new Uint8Array(UTF16_UNITS), "kind");

/** Hundredths of a token that each UTF-16 code unit takes on average: whole numbers, because they are summed fast. */
export const TOKEN_HUNDREDTHS: Readonly<Uint8Array> = fillRanges(new Uint8Array(UTF16_UNITS), "hundredths");

function fillRanges(table: Uint8Array, field: "kind" | "hundredths"): Uint8Array {
  for (const [i, range] of SCRIPT_RANGES.entries()) {
    table.fill(range[field], range.start, SCRIPT_RANGES[i + 1]?.start ?? UTF16_UNITS);
  }
  return table;
}
