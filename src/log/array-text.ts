const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BASE = 10;
const THOUSAND = 1_000;
/** Powers of ten are exact in float64 up to this one, so a quotient with one is the number nearest to the decimal. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => BASE ** exponent);
/** What a number takes at most, with the comma before it: a sign, 17 digits, a point and an exponent. */
const MAX_ELEMENT_BYTES = 26;

/** Texts are put together here: added up as strings they would be most of what a row leaves to be collected. */
let room = Buffer.allocUnsafeSlow(16_384);

/** Writes numbers, each with three decimals at most, as PostgreSQL writes an array of one dimension. */
export function toArrayText(values: ArrayLike<number>): string {
  const most = values.length * MAX_ELEMENT_BYTES + 2;
  if (room.length < most) room = Buffer.allocUnsafeSlow(most);
  room[0] = OPEN_BRACE;
  let end = 1;
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) end = writeByte(COMMA, end);
    end = writeThousandths(Math.round((values[at] ?? 0) * THOUSAND), end);
  }
  return room.toString("latin1", 0, writeByte(CLOSE_BRACE, end));
}

/** @returns where the next byte belongs, as all of these do. */
function writeByte(byte: number, at: number): number {
  room[at] = byte;
  return at + 1;
}

function writeThousandths(count: number, at: number): number {
  // Most are zeros.
  if (count === 0) return writeByte(ZERO, at);
  const isShort = count > 0 && count < 2 ** 31;
  if (!isShort) return at + room.write(String(count / THOUSAND), at, "latin1");
  return writeDecimals(count % THOUSAND, writeWhole(Math.floor(count / THOUSAND), at));
}

function writeWhole(number: number, at: number): number {
  let end = at + 1;
  for (let power = BASE; power <= number; power *= BASE) end += 1;
  let rest = number;
  for (let place = end - 1; place >= at; place -= 1) {
    room[place] = ZERO + (rest % BASE);
    rest = Math.floor(rest / BASE);
  }
  return end;
}

function writeDecimals(thousandths: number, at: number): number {
  let end = at;
  let rest = thousandths;
  for (let unit = THOUSAND / BASE; rest > 0; unit /= BASE) {
    if (end === at) end = writeByte(POINT, at);
    end = writeByte(ZERO + Math.floor(rest / unit), end);
    rest %= unit;
  }
  return end;
}

/** Reads an array of numbers of one dimension, as PostgreSQL writes it, element by element: `{0.5,NULL,1e-7,NaN}`. */
export class ArrayText {
  readonly #text: string;
  #at = 1;

  /** @param text not an empty array. */
  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Elements there are at most. */
  get maxCount(): number {
    return this.#text.length / 2;
  }

  /** @returns null for NULL. @throws {Error} where there is no number. */
  next(): number | null {
    const start = this.#at;
    // Most are zeros.
    if (this.#text.charCodeAt(start) === ZERO && this.#text.charCodeAt(start + 1) === COMMA) {
      this.#at = start + 2;
      return 0;
    }
    const isNegative = this.#text.charCodeAt(start) === MINUS;
    const number = this.#nextDecimal(isNegative ? start + 1 : start);
    if (number === null) return this.#nextWord();
    return isNegative ? -number : number;
  }

  /** @returns null where it is no plain decimal, or has more digits than are exact. */
  #nextDecimal(start: number): number | null {
    const text = this.#text;
    let digits = 0;
    let decimals = start;
    let at = start;
    let code = text.charCodeAt(at);
    for (; isOfDecimal(code); code = text.charCodeAt(at)) {
      at += 1;
      if (code === POINT) decimals = at;
      else digits = digits * BASE + code - ZERO;
    }
    const divisor = decimals === start ? 1 : POWERS[at - decimals];
    if (divisor === undefined || digits > Number.MAX_SAFE_INTEGER) return null;
    if (code !== COMMA && code !== CLOSE_BRACE) return null;
    this.#at = at + 1;
    return digits / divisor;
  }

  #nextWord(): number | null {
    const comma = this.#text.indexOf(",", this.#at);
    const end = comma === -1 ? this.#text.length - 1 : comma;
    const word = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    if (word === "NULL") return null;
    const number = Number(word);
    if (Number.isNaN(number) && word !== "NaN") {
      throw new Error(`Cannot read an array: found the element ${word}, expected a number`);
    }
    return number;
  }
}

function isOfDecimal(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === POINT;
}
