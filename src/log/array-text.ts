const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSE_BRACE = 0x7d;
const BASE = 10;
/** Powers of ten are exact in float64 up to this one, so a quotient with one is the number nearest to the decimal. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => BASE ** exponent);

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
