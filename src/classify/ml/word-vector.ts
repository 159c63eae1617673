import { hashPair } from "../features/hash-word.ts";
import { rarityOf } from "../features/word-rarity.ts";
import { MAX_WORD_CHARS } from "../features/words.ts";

/** Words and pairs of words as a sparse vector of length 1. Good until the next text is read. */
export interface WordVector {
  /** Entries that are in use. */
  readonly size: number;
  /** Place of each entry, 0 .. 2^bits - 1, each once. */
  readonly places: Int32Array;
  readonly values: Float64Array;
}

const HASH_BITS = 32;

/** A text of so many words has at most twice as many entries: the words, and the pairs. */
const MAX_ENTRIES = 2 * (MAX_WORD_CHARS + 1);

/** Weights of how often an entry occurs: 1 + ln n, for small n at hand. */
const SUBLINEAR = Float64Array.from({ length: 256 }, (_, n) => (n === 0 ? 0 : 1 + Math.log(n)));

/** Makes a reader of word vectors with 2^bits places. */
export function createWordVectorReader(bits: number): (words: Int32Array) => WordVector {
  const table: Table = {
    shift: HASH_BITS - bits,
    slotOf: new Int32Array(2 ** bits).fill(FREE),
    size: 0,
    places: new Int32Array(MAX_ENTRIES),
    counts: new Int32Array(MAX_ENTRIES),
    rarities: new Float64Array(MAX_ENTRIES),
    values: new Float64Array(MAX_ENTRIES),
  };
  return (words) => {
    table.size = 0;
    addAll(table, words);
    weigh(table);
    return table;
  };
}

const FREE = -1;

interface Table extends WordVector {
  size: number;
  /** How far a hash is shifted to be a place. */
  readonly shift: number;
  /** The entry of each place, FREE where it has none. */
  readonly slotOf: Int32Array;
  readonly counts: Int32Array;
  readonly rarities: Float64Array;
}

function addAll(table: Table, words: Int32Array): void {
  let [before, rarityBefore] = [0, 0];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? 0;
    const rarity = rarityOf(word);
    add(table, word, rarity);
    if (i > 0) add(table, hashPair(before, word), (rarity + rarityBefore) / 2);
    [before, rarityBefore] = [word, rarity];
  }
}

function add(table: Table, hash: number, rarity: number): void {
  const { slotOf, counts } = table;
  const place = hash >>> table.shift;
  let slot = slotOf[place] ?? FREE;
  if (slot === FREE) {
    slot = table.size;
    table.size += 1;
    slotOf[place] = slot;
    table.places[slot] = place;
    table.rarities[slot] = 1 + rarity;
    counts[slot] = 0;
  }
  counts[slot] = (counts[slot] ?? 0) + 1;
}

/** Turns counts into values of length 1 together, and frees the places for the next text. */
function weigh({ size, slotOf, places, counts, rarities, values }: Table): void {
  let squares = 0;
  for (let slot = 0; slot < size; slot += 1) {
    const value = sublinear(counts[slot] ?? 0) * (rarities[slot] ?? 0);
    values[slot] = value;
    squares += value * value;
    slotOf[places[slot] ?? 0] = FREE;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let slot = 0; slot < size; slot += 1) values[slot] = (values[slot] ?? 0) * scale;
}

function sublinear(count: number): number {
  return SUBLINEAR[Math.min(count, SUBLINEAR.length - 1)] ?? 0;
}
