import { setImmediate } from "node:timers/promises";

/** What a column is in a line: one value, JSON that is an array, or an array of texts. */
export type ColumnKind = "value" | "json" | "texts";

/** A way of storing rows that takes all of them or none, at about half of what an INSERT from JSON costs the server. */
export interface CopyRows {
  /** `COPY ... FROM STDIN`. */
  readonly statement: string;
  /**
   * Lets the event loop turn now and then. One call at a time.
   *
   * @param json an array of rows, not to be changed meanwhile.
   * @returns what the statement reads of them, good until the next call; null where a row has not just the columns in
   * their order, or something in it is unusual.
   */
  readonly textOf: (json: Buffer) => Promise<Buffer | null>;
}

/** @param kinds of the columns that rows of the table have, in their order. */
export function copyRows(table: string, kinds: Readonly<Record<string, ColumnKind>>): CopyRows {
  const text = new CopyText(kinds);
  const names = Object.keys(kinds).map((name) => `"${name}"`);
  return { statement: `COPY ${table} (${names.join(", ")}) FROM STDIN`, textOf: (json) => text.of(json) };
}

interface Column {
  readonly kind: ColumnKind;
  /** `,"name":` */
  readonly key: Buffer;
  /** `],"name of the next":`, which no string can hold, as its quotes would be escaped. */
  readonly end: Buffer;
}

const TAB = 0x09;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const ZERO = 0x30;
const N_OF_NULL = 0x4e;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_U = 0x75;
const LOWER_X = 0x78;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** By byte: 1 for those that numbers, true and false are made of. */
const IS_OF_WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  Number("0123456789+-.eEtrufals".includes(String.fromCharCode(code))),
);
/** Escapes that mean the same to JSON and to COPY. */
const SHARED_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
/** Code of a control character in JSON: `\u0000` to `\u001f`. */
const UNICODE_ESCAPE_BYTES = 6;
/** Takes about 0.15 ms, and the next part waits for whoever else has something to do. */
const PART_BYTES = 256 * 2 ** 10;
/** A call to find or copy bytes costs as much as to look at so many. */
const SHORT_BYTES = 48;

/**
 * Makes of rows in JSON what COPY reads. JSON escapes what is in a string as COPY does, so that most bytes go over as they
 * are, and a row takes a twentieth of the time in which the server parses its JSON.
 */
class CopyText {
  readonly #columns: readonly Column[];
  #from: Buffer = Buffer.alloc(0);
  #at = 0;
  #to: Buffer = Buffer.alloc(0);
  #written = 0;
  /** Offset of the first backslash that is not behind us; the length where there is none. */
  #slash = 0;

  constructor(kinds: Readonly<Record<string, ColumnKind>>) {
    const names = Object.keys(kinds);
    this.#columns = Object.entries(kinds).map(([name, kind], index) => {
      return { kind, key: Buffer.from(`,"${name}":`), end: Buffer.from(`],"${names[index + 1]}":`) };
    });
  }

  async of(json: Buffer): Promise<Buffer | null> {
    this.#from = json;
    this.#at = 1;
    // Names of columns are left out, which makes room for more escapes than most rows have.
    if (this.#to.length < json.length) this.#to = Buffer.allocUnsafeSlow(json.length);
    this.#written = 0;
    this.#slash = 0;
    while (this.#at < json.length) {
      if (!this.#part(Math.min(json.length, this.#at + PART_BYTES))) return null;
      if (this.#at < json.length) await setImmediate();
    }
    return this.#written <= this.#to.length ? this.#to.subarray(0, this.#written) : null;
  }

  #part(end: number): boolean {
    while (this.#at < end) if (!this.#row()) return false;
    return true;
  }

  #row(): boolean {
    if (this.#from[this.#at] !== OPEN_BRACE) return false;
    for (const column of this.#columns) if (!this.#key(column) || !this.#value(column)) return false;
    if (this.#from[this.#at] !== CLOSE_BRACE) return false;
    // And the comma or bracket behind the row.
    this.#at += 2;
    this.#to[this.#written - 1] = NEWLINE;
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

  #value({ kind, end }: Column): boolean {
    const first = this.#from[this.#at];
    let isKnown = true;
    if (kind !== "value") isKnown = this.#array(kind, end);
    else if (first === QUOTE) isKnown = this.#string();
    else if (first === LOWER_N) this.#null();
    else isKnown = this.#word();
    this.#put(TAB);
    return isKnown;
  }

  #null(): void {
    this.#put(BACKSLASH);
    this.#put(N_OF_NULL);
    this.#at += "null".length;
  }

  /** A number, or true or false. */
  #word(): boolean {
    const start = this.#at;
    let end = start;
    while (IS_OF_WORD[this.#from[end] ?? 0] === 1) end += 1;
    this.#copyTo(end);
    return end > start;
  }

  #string(): boolean {
    this.#at += 1;
    let end = this.#endOfShort();
    if (this.#nextSlash() < end) {
      const checked = this.#escapes(end);
      if (checked === null) return false;
      end = checked;
    }
    this.#copyTo(end);
    this.#at = end + 1;
    return true;
  }

  /** Offset of the next quote. */
  #endOfShort(): number {
    const from = this.#from;
    const longest = this.#at + SHORT_BYTES;
    let end = this.#at;
    while (from[end] !== QUOTE && end < longest) end += 1;
    return from[end] === QUOTE ? end : indexFrom(from, QUOTE, end);
  }

  /**
   * Goes through the escapes of a string, and writes what is before those that COPY does not know.
   *
   * @param quote the first quote, which may be escaped.
   * @returns offset of the quote that ends the string; null where there is an escape that we do not know either.
   */
  #escapes(quote: number): number | null {
    let end = quote;
    for (let slash = this.#nextSlash(); slash < end; slash = this.#slash) {
      const escaped = this.#from[slash + 1] ?? 0;
      if (escaped === LOWER_U && !this.#control(slash)) return null;
      if (escaped !== LOWER_U && !SHARED_ESCAPES.has(escaped)) return null;
      if (slash + 1 === end) end = indexFrom(this.#from, QUOTE, end + 1);
      this.#slash = indexFrom(this.#from, BACKSLASH, slash + 2);
    }
    return end;
  }

  /** Writes a control character as COPY does: `\u001b` as `\x1b`. */
  #control(slash: number): boolean {
    const from = this.#from;
    const sixteens = from[slash + 4] ?? 0;
    if (from[slash + 2] !== ZERO || from[slash + 3] !== ZERO || (sixteens & ~1) !== ZERO) return false;
    this.#copyTo(slash);
    this.#put(BACKSLASH);
    this.#put(LOWER_X);
    this.#put(sixteens);
    this.#put(from[slash + 5] ?? 0);
    this.#at = slash + UNICODE_ESCAPE_BYTES;
    return true;
  }

  /** The server checks that it is one. */
  #array(kind: ColumnKind, needle: Buffer): boolean {
    const end = this.#from.indexOf(needle, this.#at) + 1;
    if (this.#from[this.#at] !== OPEN_BRACKET || end === 0) return false;
    if (kind === "json") return this.#json(end);
    // In texts of an array other escapes count.
    if (this.#nextSlash() < end) return false;
    this.#at += 1;
    this.#put(OPEN_BRACE);
    this.#copyTo(end - 1);
    this.#put(CLOSE_BRACE);
    this.#at = end;
    return true;
  }

  /** The text of JSON stays what it is, its backslashes too. */
  #json(end: number): true {
    for (let slash = this.#nextSlash(); slash < end; slash = this.#nextSlash()) {
      this.#copyTo(slash + 1);
      this.#put(BACKSLASH);
    }
    this.#copyTo(end);
    return true;
  }

  #nextSlash(): number {
    if (this.#slash < this.#at) this.#slash = indexFrom(this.#from, BACKSLASH, this.#at);
    return this.#slash;
  }

  #put(byte: number): void {
    this.#to[this.#written] = byte;
    this.#written += 1;
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

/** As `indexOf`, but the length where there is none. */
function indexFrom(bytes: Buffer, byte: number, start: number): number {
  const index = bytes.indexOf(byte, start);
  return index === -1 ? bytes.length : index;
}
