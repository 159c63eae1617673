import { type Feature, ratio } from "./feature.ts";

/** What the lines of a turn say: lists, options to choose from, code. */
export const LINE_FEATURES: readonly Feature[] = [
  ["lines", ({ lines }) => lines.total],
  ["blank_line_share", ({ lines }) => ratio(lines.blank, lines.total)],
  ["bullet_lines", ({ lines }) => lines.bullets],
  ["numbered_lines", ({ lines }) => lines.numbered],
  ["option_lines", ({ lines }) => lines.options],
  ["option_line_chars", ({ lines }) => ratio(lines.optionChars, lines.options)],
  ["option_char_share", ({ lines, characters }) => ratio(lines.optionChars, characters.total)],
  ["indented_line_share", ({ lines }) => ratio(lines.indented, lines.total)],
  ["code_lines", ({ lines }) => lines.code],
  ["code_line_share", ({ lines }) => ratio(lines.code, lines.total)],
  ["fence_lines", ({ lines }) => lines.fences],
  ["heading_lines", ({ lines }) => lines.headings],
  ["longest_line_chars", ({ lines }) => lines.longest],
  ["last_line_chars", ({ lines }) => lines.last],
  ["words_per_line", ({ lines, words }) => ratio(words.total, lines.total - lines.blank)],
];
