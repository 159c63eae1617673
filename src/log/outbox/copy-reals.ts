import { arrayHeadBytes, type CopyCursor, isDigit, writeArrayHead } from "./copy-cursor.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Id of the type real. */
const REAL_OID = 700;
/** Length and value. */
const REAL_BYTES = 8;
const BASE = 10;
/** Decimals of so many digits are exact in float64, and so are these powers of ten: a quotient is the nearest number. */
const MAX_DIGITS = 15;
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => BASE ** exponent);
/** With more decimals a number can be so near to the middle of two of single precision that float64 is in it. */
const MAX_REAL_DECIMALS = 6;
/** Zeros as elements of real[]: most numbers are. */
const ZEROS = Buffer.alloc(2_048 * REAL_BYTES, Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]));

/** Takes an array of decimals in quotes, as PostgreSQL writes it: false where there is none, or an unusual number in it. */
export function takeReals(cursor: CopyCursor): boolean {
  const from = cursor.from;
  const [start, end] = [cursor.at + 2, from.indexOf(CLOSE_BRACE, cursor.at)];
  if (from[cursor.at] !== QUOTE || from[start - 1] !== OPEN_BRACE || end <= start) return false;
  const head = cursor.written;
  const elements = head + arrayHeadBytes(1);
  cursor.written = elements;
  writeZeros(cursor, (end - start + 1) / 2);
  cursor.at = start;
  while (cursor.at < end) if (!takeReal(cursor, end)) return false;
  writeArrayHead(cursor.view, head, { oid: REAL_OID, count: (cursor.written - elements) / REAL_BYTES });
  cursor.at = end + 2;
  return from[end - 1] !== COMMA && from[end + 1] === QUOTE;
}

/** Puts so many elements in front of us. */
function writeZeros(cursor: CopyCursor, count: number): void {
  const end = cursor.written + Math.ceil(count) * REAL_BYTES;
  for (let at = cursor.written; at < end; at += ZEROS.length) ZEROS.copy(cursor.to, at, 0, end - at);
}

/** Takes an element, whose place holds a zero, and what is behind it. */
function takeReal(cursor: CopyCursor, end: number): boolean {
  const from = cursor.from;
  const start = cursor.at;
  const isZero = from[start] === ZERO && (from[start + 1] === COMMA || start + 1 === end);
  if (isZero) cursor.at += 2;
  else if (!takeDecimal(cursor, from[start] === MINUS ? start + 1 : start, end)) return false;
  cursor.written += REAL_BYTES;
  return true;
}

function takeDecimal(cursor: CopyCursor, start: number, end: number): boolean {
  const from = cursor.from;
  const point = endOfDigits(cursor, start);
  const stop = from[point] === POINT ? endOfDigits(cursor, point + 1) : point;
  const decimals = Math.max(0, stop - point - 1);
  if (point === start || stop - start > MAX_DIGITS || decimals > MAX_REAL_DECIMALS) return false;
  let digits = 0;
  for (let at = start; at < stop; at += 1) if (at !== point) digits = digits * BASE + (from[at] ?? 0) - ZERO;
  const value = digits / (POWERS[decimals] ?? 1);
  cursor.view.setFloat32(cursor.written + 4, start > cursor.at ? -value : value);
  cursor.at = stop + 1;
  return from[stop] === COMMA || stop === end;
}

function endOfDigits(cursor: CopyCursor, start: number): number {
  let end = start;
  while (isDigit(cursor.from[end] ?? 0)) end += 1;
  return end;
}
