import { type Feature, ratio } from "./feature.ts";
import { SCHEMA_WORDS, TOOL_PLACES } from "./tool-words.ts";

/**
 * What the tools' names, descriptions and parameters say. Benchmarks without tools teach nothing of it, one's own
 * traffic does. The log keeps counts by hash alone, from which no name can be read.
 */
export const TOOL_FEATURES: readonly Feature[] = [
  ["tool_words", ({ tools }) => tools.distinct],
  ["tool_words_in_turn", ({ tools }) => tools.inTurn],
  ["tool_words_in_turn_share", ({ tools }) => ratio(tools.inTurn, tools.distinct)],
  ["turn_words_in_tools_share", ({ tools, words }) => ratio(tools.inTurn, words.distinct)],
  ...SCHEMA_WORDS.map((word, at): Feature => [`tool_schema_${word}`, ({ tools }) => tools.schema[at] ?? 0]),
  ...Array.from(
    { length: TOOL_PLACES },
    (_, at): Feature => [`tool_words_${at}`, ({ tools }) => tools.places[at] ?? 0],
  ),
];
