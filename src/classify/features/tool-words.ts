import { createUnitReader } from "../code-units.ts";
import { FUNCTION_WORD, traitsOf } from "./common-words.ts";
import { HASH_START, hashWord, spread, withUnit } from "./hash-word.ts";

/** Words of JSON schemas, and of descriptions of types, that are counted one by one. */
export const SCHEMA_WORDS = [
  "type",
  "description",
  "properties",
  "required",
  "optional",
  "default",
  "enum",
  "items",
  "string",
  "integer",
  "number",
  "float",
  "boolean",
  "array",
  "object",
  "dict",
  "tuple",
  "any",
] as const;

/** All other words are counted in 2 to the power of this places, by their hash. */
const PLACE_BITS = 7;

/** Number of those places. */
export const TOOL_PLACES = 2 ** PLACE_BITS;

/** What the tools' names, descriptions and parameters say. Good until the next request is read. */
export interface ToolWords {
  /** How often each of `SCHEMA_WORDS` occurs. */
  readonly schema: Uint16Array;
  /** Different words of each place. */
  readonly places: Uint16Array;
  /** Different words, and how many of them the turn has too. */
  readonly distinct: number;
  readonly inTurn: number;
}

/** Most words that are read. */
const MAX_WORDS = 800;

/** Shorter ones are left out. */
const MIN_CHARS = 2;

const HASH_BITS = 32;

const SCHEMA_PLACES = new Map(SCHEMA_WORDS.map((word, at) => [hashWord(word), at]));

const readUnits = createUnitReader();
const schema = new Uint16Array(SCHEMA_WORDS.length);
const places = new Uint16Array(TOOL_PLACES);
const none: ToolWords = {
  schema: new Uint16Array(SCHEMA_WORDS.length),
  places: new Uint16Array(TOOL_PLACES),
  distinct: 0,
  inTurn: 0,
};

/**
 * Reads the words of the tools: parts of names with underscores or inner capitals are words of their own.
 *
 * @param turnWords hashes of the words of the turn.
 */
export function readToolWords(text: string, turnWords: Int32Array): ToolWords {
  if (text === "") return none;
  schema.fill(0);
  places.fill(0);
  const seen = new Set<number>();
  for (const hash of wordsOf(text)) {
    const at = SCHEMA_PLACES.get(hash);
    if (at !== undefined) schema[at] = (schema[at] ?? 0) + 1;
    else if ((traitsOf(hash) & FUNCTION_WORD) === 0) seen.add(hash);
  }
  for (const hash of seen) {
    const place = hash >>> (HASH_BITS - PLACE_BITS);
    places[place] = (places[place] ?? 0) + 1;
  }
  return { schema, places, distinct: seen.size, inTurn: countShared(seen, turnWords) };
}

function countShared(words: ReadonlySet<number>, others: Int32Array): number {
  const shared = new Set<number>();
  for (const word of others) if (words.has(word)) shared.add(word);
  return shared.size;
}

const [FIRST_UPPER, LAST_UPPER] = [65, 90];
const [FIRST_LOWER, LAST_LOWER] = [97, 122];
const CASE_BIT = 32;
const ASCII = 128;

interface Scan {
  readonly hashes: number[];
  hash: number;
  chars: number;
  wasLower: boolean;
}

/** Hashes of the words, in lower case. */
function wordsOf(text: string): readonly number[] {
  const units = readUnits(text);
  const scan: Scan = { hashes: [], hash: HASH_START, chars: 0, wasLower: false };
  for (let at = 0; at < text.length && scan.hashes.length < MAX_WORDS; at += 1)
    scanUnit(scan, units[at] ?? 0);
  endWord(scan);
  return scan.hashes;
}

function scanUnit(scan: Scan, unit: number): void {
  const isUpper = unit >= FIRST_UPPER && unit <= LAST_UPPER;
  const isLower = (unit >= FIRST_LOWER && unit <= LAST_LOWER) || unit >= ASCII;
  if (isUpper ? scan.wasLower : !isLower) endWord(scan);
  scan.wasLower = isLower;
  if (!isUpper && !isLower) return;
  scan.hash = withUnit(scan.hash, isUpper ? unit + CASE_BIT : unit);
  scan.chars += 1;
}

function endWord(scan: Scan): void {
  if (scan.chars >= MIN_CHARS) scan.hashes.push(spread(scan.hash));
  scan.hash = HASH_START;
  scan.chars = 0;
}
