import { arrayHeadBytes, type CopyCursor, HEX, SHORT_BYTES, writeArrayHead } from "./copy-cursor.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_U = 0x75;
/** Id of the type text. */
const TEXT_OID = 25;

/** By byte behind a backslash: what both mean; 0 for none of one byte. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, code) => {
  const at = '"\\/bfnrt'.indexOf(String.fromCharCode(code));
  return at === -1 ? 0 : '"\\/\b\f\n\r\t'.charCodeAt(at);
});

/** Takes a text in quotes: false where there is none, or one that is unusual, as for all of these. */
export function takeText(cursor: CopyCursor): boolean {
  if (cursor.from[cursor.at] !== QUOTE) return false;
  cursor.at += 1;
  let end = nextQuote(cursor);
  for (let slash = nextSlash(cursor); slash < end; slash = nextSlash(cursor)) {
    cursor.copyTo(slash);
    if (!takeEscape(cursor)) return false;
    // The quote was escaped.
    if (cursor.at > end) end = nextQuote(cursor);
  }
  cursor.copyTo(end);
  cursor.at = end + 1;
  return true;
}

/** Takes an array of texts. */
export function takeTexts(cursor: CopyCursor): boolean {
  const from = cursor.from;
  const isEmpty = from[cursor.at + 1] === CLOSE_BRACKET;
  const head = cursor.written;
  if (from[cursor.at] !== OPEN_BRACKET) return false;
  cursor.written += arrayHeadBytes(isEmpty ? 0 : 1);
  let count = 0;
  for (; !isEmpty && from[cursor.at] !== CLOSE_BRACKET; count += 1) {
    if (count > 0 && from[cursor.at] !== COMMA) return false;
    cursor.at += 1;
    const start = cursor.written;
    cursor.written += 4;
    if (!takeText(cursor)) return false;
    cursor.view.setInt32(start, cursor.written - start - 4);
  }
  cursor.at += isEmpty ? 2 : 1;
  writeArrayHead(cursor.view, head, { oid: TEXT_OID, count });
  return true;
}

/**
 * Takes JSON that is an array, as it is: the server checks that it is JSON.
 *
 * @param needle its end, and the name of the next column.
 */
export function takeJson(cursor: CopyCursor, needle: Buffer): boolean {
  const end = cursor.from.indexOf(needle, cursor.at) + 1;
  if (cursor.from[cursor.at] !== OPEN_BRACKET || end === 0) return false;
  cursor.copyTo(end);
  return true;
}

/** Takes a backslash and what it escapes. */
function takeEscape(cursor: CopyCursor): boolean {
  const from = cursor.from;
  const escaped = from[cursor.at + 1] ?? 0;
  const byte = escaped === LOWER_U ? controlAt(cursor) : ESCAPED[escaped];
  if (!byte) return false;
  cursor.to[cursor.written] = byte;
  cursor.written += 1;
  cursor.at += escaped === LOWER_U ? "\\u001b".length : 2;
  return true;
}

/** Which one `\u001b` is; 0 for what is none, and for NUL, which the server does not take. */
function controlAt(cursor: CopyCursor): number {
  const from = cursor.from;
  const at = cursor.at;
  const sixteens = from[at + 4] ?? 0;
  if (from[at + 2] !== ZERO || from[at + 3] !== ZERO || (sixteens & ~1) !== ZERO) return 0;
  const ones = HEX[from[at + 5] ?? 0] ?? 0;
  return ones < 16 ? (sixteens - ZERO) * 16 + ones : 0;
}

function nextQuote(cursor: CopyCursor): number {
  const from = cursor.from;
  const longest = cursor.at + SHORT_BYTES;
  let end = cursor.at;
  while (from[end] !== QUOTE && end < longest) end += 1;
  return from[end] === QUOTE ? end : indexFrom(from, QUOTE, end);
}

function nextSlash(cursor: CopyCursor): number {
  if (cursor.slash < cursor.at) cursor.slash = indexFrom(cursor.from, BACKSLASH, cursor.at);
  return cursor.slash;
}

/** As `indexOf`, but the length where there is none. */
function indexFrom(bytes: Buffer, byte: number, start: number): number {
  const index = bytes.indexOf(byte, start);
  return index === -1 ? bytes.length : index;
}
