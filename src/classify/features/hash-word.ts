/** FNV-1a's start and its prime, over UTF-16 code units instead of bytes (Fowler, Noll, Vo, 1991). */
export const HASH_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Odd multipliers and shifts that spread the bits of a hash: the last step of MurmurHash3 (Appleby, 2011). */
const [MIX_1, MIX_2] = [0x85ebca6b, 0xc2b2ae35];

/** A hash with one more code unit taken in. */
export function withUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, FNV_PRIME);
}

/** Spreads a hash over all 32 bits. */
export function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), MIX_1);
  mixed = Math.imul(mixed ^ (mixed >>> 13), MIX_2);
  return mixed ^ (mixed >>> 16);
}

/** The hash of a word, in lower case, as the words of a text are hashed. */
export function hashWord(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i += 1) hash = withUnit(hash, word.charCodeAt(i));
  return spread(hash);
}

/** The hash of two words in a row. */
export function hashPair(first: number, second: number): number {
  return spread(Math.imul(first, MIX_1) ^ second);
}
