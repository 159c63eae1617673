import { CHARACTER_FEATURES, PAIR_FEATURES } from "./character-features.ts";
import type { Feature } from "./feature.ts";
import { LINE_FEATURES } from "./line-features.ts";
import { REQUEST_FEATURES } from "./request-features.ts";
import { TOOL_FEATURES } from "./tool-features.ts";
import { WORD_FEATURES } from "./word-features.ts";
import { KIND_FEATURES, KIND_SHARE_FEATURES } from "./word-kinds.ts";

/**
 * What the features mean. It rises whenever one is added, taken away, moved, or read in another way: rows of the log
 * with another version are no data for a model of this one.
 */
export const FEATURE_VERSION = "2";

/** Groups of features, as a trace names them: in the order in which they stand in a row. */
export const FEATURE_GROUPS: readonly (readonly [group: string, features: readonly Feature[]])[] = [
  ["characters", CHARACTER_FEATURES],
  ["numbers and formulas", PAIR_FEATURES],
  ["lines and lists", LINE_FEATURES],
  ["length and rarity of words", WORD_FEATURES],
  ["subject", [...KIND_FEATURES, ...KIND_SHARE_FEATURES]],
  ["tools and conversation", REQUEST_FEATURES],
  ["words of tools", TOOL_FEATURES],
];

/** All features in their order. */
export const FEATURES: readonly Feature[] = FEATURE_GROUPS.flatMap(([, features]) => features);

/** Their names in their order: column `features` of the log holds one number for each. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(([name]) => name);
