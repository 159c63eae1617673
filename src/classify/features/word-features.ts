import { CLASS, CLASSES } from "./characters.ts";
import { BEGINNING_NAMES } from "./common-words.ts";
import { type Feature, type FeatureReading, ratio } from "./feature.ts";
import type { Words } from "./words.ts";

/** What the words of a turn say, whatever they mean: how many, how long, how rare, how they begin. */
export const WORD_FEATURES: readonly Feature[] = [
  ["words", ({ words }) => words.total],
  ["distinct_word_share", ({ words }) => ratio(words.distinct, words.total)],
  ["word_chars", ({ words }) => ratio(words.chars, words.total - words.numbers)],
  ["long_word_share", ({ words }) => ratio(words.long, words.total)],
  ["short_word_share", ({ words }) => ratio(words.short, words.total)],
  ["single_letter_share", ({ words }) => ratio(words.single, words.total)],
  ["number_word_share", ({ words }) => ratio(words.numbers, words.total)],
  ["function_word_share", ({ words }) => ratio(words.functions, words.total)],
  ["capitalised_share", ({ words }) => ratio(words.capitalised, words.total)],
  ["all_capitals_share", ({ words }) => ratio(words.allCapitals, words.total)],
  ["identifier_share", ({ words }) => ratio(words.identifiers, words.total)],
  ["longest_word_chars", ({ words }) => words.longest],
  ["options_in_order", ({ words }) => words.options],
  ["sentences", (reading) => sentencesOf(reading)],
  ["words_per_sentence", (reading) => ratio(reading.words.total, sentencesOf(reading))],
  ["rarity_mean", ({ words }) => meanRarity(words)],
  ["rarity_median", ({ words }) => rarityAt(words, 0.5)],
  ["rarity_p75", ({ words }) => rarityAt(words, 0.75)],
  ["rarity_p90", ({ words }) => rarityAt(words, 0.9)],
  ["rarity_highest", ({ words }) => rarityAt(words, 1)],
  ["rare_word_share", ({ words }) => rareShare(words)],
  ["unknown_word_share", ({ words }) => ratio(words.rarities.at(-1) ?? 0, words.total)],
  ...BEGINNING_NAMES.map(
    (name, at): Feature => [`begins_${name}`, ({ words }) => (words.beginning === at ? 1 : 0)],
  ),
];

/** From here on a word is rare: it stands in one text of about a thousand. */
const RARE = 10;

/** Ends of sentences: a full stop or its like with a blank behind it; one at least. */
function sentencesOf({ characters }: FeatureReading): number {
  const row = CLASS.stop * CLASSES;
  const ends = (characters.pairs[row + CLASS.space] ?? 0) + (characters.pairs[row + CLASS.lineFeed] ?? 0);
  return 1 + ends;
}

function meanRarity({ rarities }: Words): number {
  let [sum, total] = [0, 0];
  for (let rarity = 0; rarity < rarities.length; rarity += 1) {
    const words = rarities[rarity] ?? 0;
    sum += words * rarity;
    total += words;
  }
  return ratio(sum, total);
}

/** The rarity that a share of the words does not exceed. */
function rarityAt({ rarities }: Words, share: number): number {
  let total = 0;
  for (const words of rarities) total += words;
  let below = 0;
  for (let rarity = 0; rarity < rarities.length; rarity += 1) {
    below += rarities[rarity] ?? 0;
    if (below > 0 && below >= share * total) return rarity;
  }
  return 0;
}

function rareShare({ rarities, total }: Words): number {
  let rare = 0;
  for (let rarity = RARE; rarity < rarities.length; rarity += 1) rare += rarities[rarity] ?? 0;
  return ratio(rare, total);
}
