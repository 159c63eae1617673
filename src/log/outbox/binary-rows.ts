/**
 * What a column is, by its type in the database: `int` integer, `float` double precision, `reals` real[], `texts`
 * text[], `time` timestamptz. In a line `reals` is PostgreSQL's own text of an array, and `time` as of `toISOString`.
 */
export type ColumnKind = "uuid" | "time" | "text" | "int" | "float" | "boolean" | "json" | "reals" | "texts";

export interface WriteOptions {
  /** Offset of the first row's brace. */
  readonly at: number;
  /** Rows, with one byte between them. */
  readonly rows: number;
  /** Has room for four times what the rows take. */
  readonly to: Buffer;
  /** Offset in it. */
  readonly head: number;
}

interface Column {
  readonly kind: ColumnKind;
  /** `,"name":` */
  readonly key: Buffer;
  /** `],"name of the next":`, which no string can hold, as its quotes would be escaped. */
  readonly end: Buffer;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const NULL_BYTES = 4;
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
/** Ids of the types text and real. */
const TEXT_OID = 25;
const REAL_OID = 700;
/** Number of dimensions, whether there are nulls, type of the elements. */
const ARRAY_HEAD_BYTES = 12;
/** Of the only dimension: its length, and the number of its first element. */
const DIMENSION_BYTES = 8;
/** Length and value. */
const REAL_BYTES = 8;
const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
const BASE = 10;
/** Decimals of so many digits are exact in float64, and so are these powers of ten: a quotient is the nearest number. */
const MAX_DIGITS = 15;
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => BASE ** exponent);
/** With more decimals a number can be so near to the middle of two of single precision that float64 is in it. */
const MAX_REAL_DECIMALS = 6;
/** A call to find or copy bytes costs as much as to look at so many. */
const SHORT_BYTES = 48;

/** By byte: 1 for those that numbers are made of. */
const IS_OF_NUMBER = Uint8Array.from({ length: 256 }, (_, code) =>
  Number("0123456789+-.eE".includes(String.fromCharCode(code))),
);
/** By byte: what it is as a hexadecimal digit; 255 for none. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});
/** By byte behind a backslash: what both mean; 0 for none of one byte. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, code) => {
  const at = '"\\/bfnrt'.indexOf(String.fromCharCode(code));
  return at === -1 ? 0 : '"\\/\b\f\n\r\t'.charCodeAt(at);
});
/** Zeros as elements of real[]: most numbers are. */
const ZEROS = Buffer.alloc(2_048 * REAL_BYTES, Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]));

/**
 * Makes of rows in JSON what `COPY (FORMAT binary)` reads: the server neither takes lines apart nor numbers, and a row
 * takes half of its time.
 */
export class BinaryRows {
  readonly #columns: readonly Column[];
  #from: Buffer = Buffer.alloc(0);
  #at = 0;
  #to: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #written = 0;
  /** Offset of the first backslash that is not behind us; the length where there is none. */
  #slash = 0;

  #knownDay = { text: Buffer.alloc(DAY_CHARS), ms: 0 };

  constructor(kinds: Readonly<Record<string, ColumnKind>>) {
    const names = Object.keys(kinds);
    this.#columns = Object.entries(kinds).map(([name, kind], index) => {
      return { kind, key: Buffer.from(`,"${name}":`), end: Buffer.from(`],"${names[index + 1]}":`) };
    });
  }

  /** @returns offset behind what was written; null where a row is none of the columns in their order, or unusual. */
  write(json: Buffer, { at, rows, to, head }: WriteOptions): number | null {
    this.#from = json;
    this.#at = at;
    this.#to = to;
    this.#view = new DataView(to.buffer, to.byteOffset, to.length);
    this.#written = head;
    this.#slash = 0;
    for (let row = 0; row < rows; row += 1) if (!this.#row()) return null;
    return this.#written;
  }

  #row(): boolean {
    if (this.#from[this.#at] !== OPEN_BRACE) return false;
    this.#view.setInt16(this.#written, this.#columns.length);
    this.#written += 2;
    for (const column of this.#columns) if (!this.#key(column) || !this.#field(column)) return false;
    if (this.#from[this.#at] !== CLOSE_BRACE) return false;
    // And the comma or bracket behind the row.
    this.#at += 2;
    return true;
  }

  #key({ key }: Column): boolean {
    const from = this.#from;
    const start = this.#at;
    // Instead of a comma the first column has the brace of the row.
    for (let index = 1; index < key.length; index += 1) {
      if (from[start + index] !== key[index]) return false;
    }
    this.#at = start + key.length;
    return true;
  }

  #field(column: Column): boolean {
    if (this.#from[this.#at] === LOWER_N) {
      this.#at += NULL_BYTES;
      this.#int32(-1);
      return true;
    }
    const start = this.#written;
    this.#written += 4;
    const isUsual = this.#value(column);
    this.#view.setInt32(start, this.#written - start - 4);
    return isUsual;
  }

  #value({ kind, end }: Column): boolean {
    switch (kind) {
      case "uuid":
        return this.#uuid();
      case "time":
        return this.#time();
      case "text":
        return this.#text();
      case "int":
        return this.#int();
      case "float":
        return this.#float();
      case "boolean":
        return this.#boolean();
      case "json":
        return this.#json(end);
      case "reals":
        return this.#reals();
      case "texts":
        return this.#texts();
      default:
        return kind satisfies never;
    }
  }

  #uuid(): boolean {
    const [from, to] = [this.#from, this.#to];
    const start = this.#at + 1;
    if (HYPHENS.some((place) => from[start + place] !== MINUS)) return false;
    let all = 0;
    for (const place of HEX_PAIRS) {
      const high = HEX[from[start + place] ?? 0] ?? 0;
      const low = HEX[from[start + place + 1] ?? 0] ?? 0;
      all |= high | low;
      to[this.#written] = (high << 4) | low;
      this.#written += 1;
    }
    return all < 16 && this.#endOfQuoted(start + UUID_CHARS);
  }

  #time(): boolean {
    const start = this.#at + 1;
    const number = this.#clock(start + DAY_CHARS);
    const seconds = Math.floor(number / 1_000) % 100;
    const minutes = Math.floor(number / 100_000) % 100;
    const hours = Math.floor(number / 10_000_000);
    if (!(hours < 24 && minutes < 60 && seconds < 60)) return false;
    const ms = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (number % 1_000);
    const microseconds = (this.#day(start) + ms - EPOCH_MS) * 1_000;
    if (!Number.isSafeInteger(microseconds)) return false;
    const high = Math.floor(microseconds / WORD);
    this.#int32(high);
    this.#view.setUint32(this.#written, microseconds - high * WORD);
    this.#written += 4;
    return this.#endOfQuoted(start + DAY_CHARS + CLOCK.length);
  }

  /** The digits of a time as one number; NaN where it is written otherwise. */
  #clock(start: number): number {
    let number = 0;
    for (let index = 0; index < CLOCK.length; index += 1) {
      const wanted = CLOCK[index];
      const code = this.#from[start + index] ?? 0;
      if (wanted === ZERO && isDigit(code)) number = number * BASE + code - ZERO;
      else if (code !== wanted) return Number.NaN;
    }
    return number;
  }

  /** When a day begins, in milliseconds since 1970: mostly the one of the row before. NaN for none. */
  #day(start: number): number {
    const known = this.#knownDay;
    let index = 0;
    while (index < DAY_CHARS && this.#from[start + index] === known.text[index]) index += 1;
    if (index === DAY_CHARS) return known.ms;
    const text = this.#from.toString("latin1", start, start + DAY_CHARS);
    const day = new Date(`${text}T00:00:00.000Z`);
    // One that is none may be taken for another.
    if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text)) return Number.NaN;
    this.#knownDay = { text: Buffer.from(text), ms: day.getTime() };
    return day.getTime();
  }

  #endOfQuoted(end: number): boolean {
    const isQuoted = this.#from[this.#at] === QUOTE && this.#from[end] === QUOTE;
    this.#at = end + 1;
    return isQuoted;
  }

  #text(): boolean {
    if (this.#from[this.#at] !== QUOTE) return false;
    this.#at += 1;
    let end = this.#nextQuote();
    for (let slash = this.#nextSlash(); slash < end; slash = this.#nextSlash()) {
      this.#copyTo(slash);
      if (!this.#escape()) return false;
      // The quote was escaped.
      if (this.#at > end) end = this.#nextQuote();
    }
    this.#copyTo(end);
    this.#at = end + 1;
    return true;
  }

  /** Takes a backslash and what it escapes. */
  #escape(): boolean {
    const from = this.#from;
    const escaped = from[this.#at + 1] ?? 0;
    const byte = escaped === LOWER_U ? this.#control() : ESCAPED[escaped];
    if (!byte) return false;
    this.#to[this.#written] = byte;
    this.#written += 1;
    this.#at += escaped === LOWER_U ? "\\u001b".length : 2;
    return true;
  }

  /** Which one `\u001b` is; 0 for what is none, and for NUL, which the server does not take. */
  #control(): number {
    const from = this.#from;
    const at = this.#at;
    const sixteens = from[at + 4] ?? 0;
    if (from[at + 2] !== ZERO || from[at + 3] !== ZERO || (sixteens & ~1) !== ZERO) return 0;
    const ones = HEX[from[at + 5] ?? 0] ?? 0;
    return ones < 16 ? (sixteens - ZERO) * 16 + ones : 0;
  }

  #int(): boolean {
    const value = this.#number();
    if (!Number.isInteger(value) || value > MAX_INT32 || value < MIN_INT32) return false;
    this.#int32(value);
    return true;
  }

  #float(): boolean {
    const value = this.#number();
    this.#view.setFloat64(this.#written, value);
    this.#written += 8;
    return Number.isFinite(value);
  }

  /** NaN where there is none. */
  #number(): number {
    const from = this.#from;
    const start = this.#at;
    let end = start;
    while (IS_OF_NUMBER[from[end] ?? 0] === 1) end += 1;
    this.#at = end;
    const [first, second] = [from[start] ?? 0, from[start + 1] ?? 0];
    if (end - start === 1) return isDigit(first) ? first - ZERO : Number.NaN;
    if (end - start === 2 && isDigit(first) && isDigit(second)) return (first - ZERO) * BASE + second - ZERO;
    return end === start ? Number.NaN : Number(from.toString("latin1", start, end));
  }

  #boolean(): boolean {
    const first = this.#from[this.#at];
    const isTrue = first === LOWER_T;
    this.#to[this.#written] = Number(isTrue);
    this.#written += 1;
    this.#at += isTrue ? TRUE_BYTES : FALSE_BYTES;
    return isTrue || first === LOWER_F;
  }

  /** The server checks that it is JSON. */
  #json(needle: Buffer): boolean {
    const end = this.#from.indexOf(needle, this.#at) + 1;
    if (this.#from[this.#at] !== OPEN_BRACKET || end === 0) return false;
    this.#copyTo(end);
    return true;
  }

  #texts(): boolean {
    const from = this.#from;
    const isEmpty = from[this.#at + 1] === CLOSE_BRACKET;
    const head = this.#written;
    if (from[this.#at] !== OPEN_BRACKET) return false;
    this.#written += isEmpty ? ARRAY_HEAD_BYTES : ARRAY_HEAD_BYTES + DIMENSION_BYTES;
    let count = 0;
    for (; !isEmpty && from[this.#at] !== CLOSE_BRACKET; count += 1) {
      if (count > 0 && from[this.#at] !== COMMA) return false;
      this.#at += 1;
      const start = this.#written;
      this.#written += 4;
      if (!this.#text()) return false;
      this.#view.setInt32(start, this.#written - start - 4);
    }
    this.#at += isEmpty ? 2 : 1;
    this.#arrayHead(head, { oid: TEXT_OID, count });
    return true;
  }

  #arrayHead(at: number, { oid, count }: { readonly oid: number; readonly count: number }): void {
    const view = this.#view;
    view.setInt32(at, count === 0 ? 0 : 1);
    view.setInt32(at + 4, 0);
    view.setInt32(at + 8, oid);
    if (count === 0) return;
    view.setInt32(at + 12, count);
    view.setInt32(at + 16, 1);
  }

  /** An array of decimals in quotes. */
  #reals(): boolean {
    const from = this.#from;
    const [start, end] = [this.#at + 2, from.indexOf(CLOSE_BRACE, this.#at)];
    if (from[this.#at] !== QUOTE || from[start - 1] !== OPEN_BRACE || end <= start) return false;
    const head = this.#written;
    const elements = head + ARRAY_HEAD_BYTES + DIMENSION_BYTES;
    this.#written = elements;
    this.#zeros((end - start + 1) / 2);
    this.#at = start;
    while (this.#at < end) if (!this.#real(end)) return false;
    this.#arrayHead(head, { oid: REAL_OID, count: (this.#written - elements) / REAL_BYTES });
    this.#at = end + 2;
    return from[end - 1] !== COMMA && from[end + 1] === QUOTE;
  }

  /** Puts so many elements in front of us. */
  #zeros(count: number): void {
    const end = this.#written + Math.ceil(count) * REAL_BYTES;
    for (let at = this.#written; at < end; at += ZEROS.length) ZEROS.copy(this.#to, at, 0, end - at);
  }

  /** Takes an element, whose place holds a zero, and what is behind it. */
  #real(end: number): boolean {
    const from = this.#from;
    const start = this.#at;
    const isZero = from[start] === ZERO && (from[start + 1] === COMMA || start + 1 === end);
    if (isZero) this.#at += 2;
    else if (!this.#decimal(from[start] === MINUS ? start + 1 : start, end)) return false;
    this.#written += REAL_BYTES;
    return true;
  }

  #decimal(start: number, end: number): boolean {
    const from = this.#from;
    const point = this.#endOfDigits(start);
    const stop = from[point] === POINT ? this.#endOfDigits(point + 1) : point;
    const decimals = Math.max(0, stop - point - 1);
    if (point === start || stop - start > MAX_DIGITS || decimals > MAX_REAL_DECIMALS) return false;
    let digits = 0;
    for (let at = start; at < stop; at += 1)
      if (at !== point) digits = digits * BASE + (from[at] ?? 0) - ZERO;
    const value = digits / (POWERS[decimals] ?? 1);
    this.#view.setFloat32(this.#written + 4, start > this.#at ? -value : value);
    this.#at = stop + 1;
    return from[stop] === COMMA || stop === end;
  }

  #endOfDigits(start: number): number {
    let end = start;
    while (isDigit(this.#from[end] ?? 0)) end += 1;
    return end;
  }

  #nextQuote(): number {
    const from = this.#from;
    const longest = this.#at + SHORT_BYTES;
    let end = this.#at;
    while (from[end] !== QUOTE && end < longest) end += 1;
    return from[end] === QUOTE ? end : indexFrom(from, QUOTE, end);
  }

  #nextSlash(): number {
    if (this.#slash < this.#at) this.#slash = indexFrom(this.#from, BACKSLASH, this.#at);
    return this.#slash;
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#written, value);
    this.#written += 4;
  }

  #copyTo(end: number): void {
    const [from, to] = [this.#from, this.#to];
    const offset = this.#written - this.#at;
    if (end - this.#at > SHORT_BYTES) from.copy(to, this.#written, this.#at, end);
    else for (let at = this.#at; at < end; at += 1) to[at + offset] = from[at] ?? 0;
    this.#at = end;
    this.#written = end + offset;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** As `indexOf`, but the length where there is none. */
function indexFrom(bytes: Buffer, byte: number, start: number): number {
  const index = bytes.indexOf(byte, start);
  return index === -1 ? bytes.length : index;
}
