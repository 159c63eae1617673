import table from "./word-rarity.json" with { type: "json" };

/** Number of steps of rarity: 0 for a word of every second text, one more for each halving, the last for all others. */
export const RARITIES = 16;

/** Places of the table are 2 to the power of this. */
export const RARITY_BITS = 15;

const HASH_BITS = 32;

/**
 * Two places a byte, the low half first: how rare the words of a place are. Made by `npm run train:rarity` from the
 * prompts of public benchmarks, each benchmark with the same say; `sources` in the file names them.
 */
const RARITY = Buffer.from(table.rarities, "base64");

/** How rare a word is in prompts, from its hash: minus the logarithm to base 2 of its share of texts, 0..15. */
export function rarityOf(hash: number): number {
  const place = hash >>> (HASH_BITS - RARITY_BITS);
  const both = RARITY[place >>> 1] ?? 0;
  return (place & 1) === 0 ? both & 0xf : both >>> 4;
}
