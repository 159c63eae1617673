import { ASCII, type Characters, CLASS, CLASSES, SCRIPTS, type Script } from "./characters.ts";
import { type Feature, ratio } from "./feature.ts";

/** What the characters of a turn say, whatever the words are. */
export const CHARACTER_FEATURES: readonly Feature[] = [
  ["chars", ({ turn }) => turn.chars],
  ...share("latin_share", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
  ...share("upper_share", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
  ...share("digit_share", "0123456789"),
  ...share("operator_share", "+-*/=<>^%|&~"),
  ...share("round_bracket_share", "()"),
  ...share("square_bracket_share", "[]"),
  ...share("curly_bracket_share", "{}"),
  ...share("quote_share", "\"'"),
  ...share("comma_share", ","),
  ...share("period_share", "."),
  ...share("colon_share", ":;"),
  ...share("line_feed_share", "\n"),
  ...count("question_marks", "?"),
  ...count("exclamation_marks", "!"),
  ...count("equals_signs", "="),
  ...count("plus_signs", "+"),
  ...count("minus_signs", "-"),
  ...count("stars_and_slashes", "*/"),
  ...count("carets", "^"),
  ...count("comparison_signs", "<>"),
  ...count("percent_signs", "%"),
  ...count("dollar_signs", "$"),
  ...count("backslashes", "\\"),
  ...count("underscores", "_"),
  ...count("hash_signs", "#"),
  ...count("backticks", "`"),
  ...count("pipes", "|"),
  ["maths_symbols", ({ characters }) => countOf(characters, "maths")],
  ["entropy", ({ characters }) => entropyOf(characters)],
  ["distinct_characters", ({ characters }) => distinctOf(characters)],
  ...SCRIPTS.filter((script) => script !== "maths").map(
    (script): Feature => [
      `${snakeCase(script)}_share`,
      ({ characters }) => ratio(countOf(characters, script), characters.total),
    ],
  ),
];

/** What neighbouring characters say: numbers, formulas, calls. */
export const PAIR_FEATURES: readonly Feature[] = [
  ["numbers", ({ characters }) => numbersIn(characters)],
  ["numbers_share", ({ characters }) => ratio(numbersIn(characters), characters.total)],
  ["digits_then_stop", pair("digit", "stop")],
  ["digits_then_comma", pair("digit", "comma")],
  ["digits_then_letter", both(pair("digit", "lower"), pair("digit", "upper"))],
  ["letter_then_digits", both(pair("lower", "digit"), pair("upper", "digit"))],
  ["letter_then_bracket", both(pair("lower", "open"), pair("upper", "open"))],
  ["brackets_in_brackets", both(pair("open", "open"), pair("close", "close"))],
  [
    "spaced_operators",
    (reading) => Math.min(pair("space", "operator")(reading), pair("operator", "space")(reading)),
  ],
  ["operator_after_letter", both(pair("lower", "operator"), pair("upper", "operator"))],
  ["operator_after_digit", pair("digit", "operator")],
  ["double_operators", pair("operator", "operator")],
  ["tex_commands", both(pair("tex", "lower"), pair("tex", "upper"))],
  ["stop_then_letter", both(pair("stop", "lower"), pair("stop", "upper"))],
  ["repeated_stops", pair("stop", "stop")],
  ["repeated_marks", pair("mark", "mark")],
  ["repeated_spaces", pair("space", "space")],
  ["capital_pair_share", ({ characters }) => ratio(pairOf(characters, "upper", "upper"), characters.total)],
];

function share(name: string, characters: string): Feature[] {
  const sum = summer(characters);
  return [[name, ({ characters: counted }) => ratio(sum(counted), counted.total)]];
}

function count(name: string, characters: string): Feature[] {
  const sum = summer(characters);
  return [[name, ({ characters: counted }) => sum(counted)]];
}

function summer(characters: string): (counted: Characters) => number {
  const codes = Array.from(characters, (character) => character.charCodeAt(0));
  return ({ slots }) => {
    let sum = 0;
    for (const code of codes) sum += slots[code] ?? 0;
    return sum;
  };
}

function countOf({ slots }: Characters, script: Script): number {
  return slots[ASCII + SCRIPTS.indexOf(script)] ?? 0;
}

/** Distance of an upper-case ASCII letter from its lower-case one. */
const CASE_BIT = 32;
const [FIRST_UPPER, LAST_UPPER] = [65, 90];

/** n log n of the counts that most texts have: the logarithm is what entropy takes its time for. */
const COUNTED = Float64Array.from({ length: 512 }, (_, count) => count * Math.log2(Math.max(1, count)));

/** Shannon's entropy of the characters in bits; case and white space do not count. */
function entropyOf({ slots }: Characters): number {
  let [total, sum] = [0, 0];
  for (let slot = CASE_BIT + 1; slot < slots.length; slot += 1) {
    const seen = foldedCount(slots, slot);
    total += seen;
    if (seen > 1) sum += COUNTED[seen] ?? seen * Math.log2(seen);
  }
  return total > 0 ? Math.log2(total) - sum / total : 0;
}

function distinctOf({ slots }: Characters): number {
  let distinct = 0;
  for (let slot = CASE_BIT + 1; slot < slots.length; slot += 1)
    if (foldedCount(slots, slot) > 0) distinct += 1;
  return distinct;
}

function foldedCount(slots: Int32Array, slot: number): number {
  if (slot >= FIRST_UPPER && slot <= LAST_UPPER) return 0;
  const own = slots[slot] ?? 0;
  const isLower = slot >= FIRST_UPPER + CASE_BIT && slot <= LAST_UPPER + CASE_BIT;
  return isLower ? own + (slots[slot - CASE_BIT] ?? 0) : own;
}

type Count = (reading: { readonly characters: Characters }) => number;

function both(one: Count, other: Count): Count {
  return (reading) => one(reading) + other(reading);
}

type ClassName = keyof typeof CLASS;

function pair(before: ClassName, after: ClassName): Count {
  const index = CLASS[before] * CLASSES + CLASS[after];
  return ({ characters }) => characters.pairs[index] ?? 0;
}

function pairOf({ pairs }: Characters, before: ClassName, after: ClassName): number {
  return pairs[CLASS[before] * CLASSES + CLASS[after]] ?? 0;
}

/** Runs of ASCII digits. */
function numbersIn({ pairs }: Characters): number {
  let starts = 0;
  for (let before = 0; before < CLASSES; before += 1) {
    if (before !== CLASS.digit) starts += pairs[before * CLASSES + CLASS.digit] ?? 0;
  }
  return starts;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
