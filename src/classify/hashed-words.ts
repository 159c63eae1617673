/** A hash and its number. */
const STRIDE = 2;
const NONE = 0;

/**
 * Numbers of hashed words, found by one look where the place of a hash is its own: an open-addressed table, which makes
 * nothing for the garbage collector and takes a fraction of a Map's time.
 */
export class HashedWords {
  readonly #table: Int32Array;
  readonly #end: number;

  /** @param bits 2^bits places, several times as many as there will be words. */
  constructor(bits: number) {
    this.#table = new Int32Array(STRIDE * 2 ** bits);
    this.#end = this.#table.length - 1;
  }

  /** The number of a word, 0 where it has none. */
  get(hash: number): number {
    return this.#table[this.#placeOf(hash) + 1] ?? NONE;
  }

  /** @param number above 0. */
  set(hash: number, number: number): void {
    this.#table.set([hash, number], this.#placeOf(hash));
  }

  /** Where a hash is, or the free place where it would be. */
  #placeOf(hash: number): number {
    let place = (STRIDE * hash) & this.#end & ~1;
    while (this.#table[place + 1] !== NONE && this.#table[place] !== hash)
      place = (place + STRIDE) & this.#end;
    return place;
  }
}
