import { type CopyCursor, HEX, isDigit } from "./copy-cursor.ts";

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const LOWER_F = 0x66;
const LOWER_T = 0x74;

const TRUE_BYTES = 4;
const FALSE_BYTES = 5;
/** Where in a UUID what stands. */
const UUID_CHARS = 36;
const HYPHENS = [8, 13, 18, 23];
const HEX_PAIRS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DAY_CHARS = "2026-01-01".length;
/** What follows the day in a time of `toISOString`, with zeros for digits. */
const CLOCK = Buffer.from("T00:00:00.000Z");
/** PostgreSQL counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000);
const WORD = 2 ** 32;
const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
const BASE = 10;

/** By byte: 1 for those that numbers are made of. */
const IS_OF_NUMBER = Uint8Array.from({ length: 256 }, (_, code) =>
  Number("0123456789+-.eE".includes(String.fromCharCode(code))),
);

/** Takes a UUID in quotes: false where there is none, or one that is written otherwise, as for all of these. */
export function takeUuid(cursor: CopyCursor): boolean {
  const [from, to] = [cursor.from, cursor.to];
  const start = cursor.at + 1;
  if (HYPHENS.some((place) => from[start + place] !== MINUS)) return false;
  let all = 0;
  for (const place of HEX_PAIRS) {
    const high = HEX[from[start + place] ?? 0] ?? 0;
    const low = HEX[from[start + place + 1] ?? 0] ?? 0;
    all |= high | low;
    to[cursor.written] = (high << 4) | low;
    cursor.written += 1;
  }
  return all < 16 && takeQuoted(cursor, start + UUID_CHARS);
}

/** Takes a time of `toISOString` in quotes. */
export function takeTime(cursor: CopyCursor): boolean {
  const start = cursor.at + 1;
  const number = clockAt(cursor, start + DAY_CHARS);
  const seconds = Math.floor(number / 1_000) % 100;
  const minutes = Math.floor(number / 100_000) % 100;
  const hours = Math.floor(number / 10_000_000);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return false;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (number % 1_000);
  const microseconds = (dayAt(cursor, start) + ms - EPOCH_MS) * 1_000;
  if (!Number.isSafeInteger(microseconds)) return false;
  const high = Math.floor(microseconds / WORD);
  cursor.int32(high);
  cursor.view.setUint32(cursor.written, microseconds - high * WORD);
  cursor.written += 4;
  return takeQuoted(cursor, start + DAY_CHARS + CLOCK.length);
}

/** Takes a number for a column of type integer. */
export function takeInt(cursor: CopyCursor): boolean {
  const value = takeNumber(cursor);
  if (!Number.isInteger(value) || value > MAX_INT32 || value < MIN_INT32) return false;
  cursor.int32(value);
  return true;
}

/** Takes a number for a column of type double precision. */
export function takeFloat(cursor: CopyCursor): boolean {
  const value = takeNumber(cursor);
  cursor.view.setFloat64(cursor.written, value);
  cursor.written += 8;
  return Number.isFinite(value);
}

/** Takes true or false. */
export function takeBoolean(cursor: CopyCursor): boolean {
  const first = cursor.from[cursor.at];
  const isTrue = first === LOWER_T;
  cursor.to[cursor.written] = Number(isTrue);
  cursor.written += 1;
  cursor.at += isTrue ? TRUE_BYTES : FALSE_BYTES;
  return isTrue || first === LOWER_F;
}

/** The digits of a time as one number; NaN where it is written otherwise. */
function clockAt(cursor: CopyCursor, start: number): number {
  let number = 0;
  for (let index = 0; index < CLOCK.length; index += 1) {
    const wanted = CLOCK[index];
    const code = cursor.from[start + index] ?? 0;
    if (wanted === ZERO && isDigit(code)) number = number * BASE + code - ZERO;
    else if (code !== wanted) return Number.NaN;
  }
  return number;
}

/** When a day begins, in milliseconds since 1970: mostly the one of the row before. NaN for none. */
function dayAt(cursor: CopyCursor, start: number): number {
  const known = cursor.day;
  let index = 0;
  while (index < DAY_CHARS && cursor.from[start + index] === known.text[index]) index += 1;
  if (index === DAY_CHARS) return known.ms;
  const text = cursor.from.toString("latin1", start, start + DAY_CHARS);
  const day = new Date(`${text}T00:00:00.000Z`);
  // One that is none may be taken for another.
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text)) return Number.NaN;
  cursor.day = { text: Buffer.from(text), ms: day.getTime() };
  return day.getTime();
}

function takeQuoted(cursor: CopyCursor, end: number): boolean {
  const isQuoted = cursor.from[cursor.at] === QUOTE && cursor.from[end] === QUOTE;
  cursor.at = end + 1;
  return isQuoted;
}

/** NaN where there is none. */
function takeNumber(cursor: CopyCursor): number {
  const from = cursor.from;
  const start = cursor.at;
  let end = start;
  while (IS_OF_NUMBER[from[end] ?? 0] === 1) end += 1;
  cursor.at = end;
  const [first, second] = [from[start] ?? 0, from[start + 1] ?? 0];
  if (end - start === 1) return isDigit(first) ? first - ZERO : Number.NaN;
  if (end - start === 2 && isDigit(first) && isDigit(second)) return (first - ZERO) * BASE + second - ZERO;
  return end === start ? Number.NaN : Number(from.toString("latin1", start, end));
}
