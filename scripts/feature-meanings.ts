/** Unit and meaning of a feature, for people. */
export type Described = readonly [unit: string, meaning: string];

const share = (what: string): Described => ["part, 0..1", `Characters that are ${what}, of all`];
const count = (what: string): Described => ["count", what];
const words = (what: string): Described => ["part, 0..1", `Words ${what}, of all words`];
const begins = (what: string): Described => [
  "0 or 1",
  `The first word that is neither polite nor leads in is ${what}`,
];
const kind = (what: string): Described => ["count", `Different words ${what}`];

/** Features that belong to a family by their names are described by `describeFamily`. */
export const MEANINGS: Readonly<Record<string, Described>> = {
  chars: ["UTF-16 code units", "Length of the whole turn, however much of it is read"],
  latin_share: share("ASCII letters"),
  upper_share: share("ASCII capitals"),
  digit_share: share("digits"),
  operator_share: share("one of + - * / = < > ^ % \\| & ~"),
  round_bracket_share: share("round brackets"),
  square_bracket_share: share("square brackets"),
  curly_bracket_share: share("curly brackets"),
  quote_share: share("straight quotes, single or double"),
  comma_share: share("commas"),
  period_share: share("full stops"),
  colon_share: share("colons or semicolons"),
  line_feed_share: share("line feeds"),
  question_marks: count("?"),
  exclamation_marks: count("!"),
  equals_signs: count("="),
  plus_signs: count("+"),
  minus_signs: count("-, hyphens too"),
  stars_and_slashes: count("* and /"),
  carets: count("^"),
  comparison_signs: count("< and >"),
  percent_signs: count("%"),
  dollar_signs: count("$"),
  backslashes: count("\\\\"),
  underscores: count("_"),
  hash_signs: count("#"),
  backticks: count("Backticks"),
  pipes: count("\\|"),
  maths_symbols: count("Symbols of mathematics beyond ASCII"),
  entropy: ["bits", "Shannon's entropy of the characters, whatever their case; blanks do not count"],
  distinct_characters: count(
    "Different characters, whatever their case; each script beyond ASCII counts once",
  ),
  other_symbols_share: share("symbols and punctuation beyond ASCII"),
  latin_marked_share: share("Latin letters beyond ASCII"),
  greek_share: share("Greek"),
  cyrillic_share: share("Cyrillic"),
  hebrew_arabic_share: share("Hebrew or Arabic"),
  other_letters_share: share("letters of scripts that have no feature of their own"),
  unspaced_asian_share: share("of scripts of South-East Asia, written without spaces"),
  hangul_share: share("Hangul"),
  kana_share: share("Hiragana or Katakana"),
  han_share: share("Han"),
  typographic_share: share("typographic punctuation, full-width forms too"),
  surrogates_share: share("halves of a surrogate pair: emoji and rare scripts"),

  numbers: count("Runs of digits"),
  numbers_share: ["part, 0..1", "Runs of digits for each character"],
  digits_then_stop: count("A digit before . ? or !"),
  digits_then_comma: count("A digit before , ; or :"),
  digits_then_letter: count("A digit before a Latin letter"),
  letter_then_digits: count("A Latin letter before a digit"),
  letter_then_bracket: count("A Latin letter before an opening bracket: calls, functions of x"),
  brackets_in_brackets: count("An opening bracket after another, or a closing one"),
  spaced_operators: count("Operators after a blank, or before one, whichever are fewer"),
  operator_after_letter: count("An operator after a Latin letter"),
  operator_after_digit: count("An operator after a digit"),
  double_operators: count("An operator after another"),
  tex_commands: count("\\\\ or $ before a Latin letter"),
  stop_then_letter: count(". ? or ! before a Latin letter, without a blank: names with dots"),
  repeated_stops: count(". ? or ! after another"),
  repeated_marks: count("_ # @ or a backtick after another"),
  repeated_spaces: count("A blank after another"),
  capital_pair_share: ["part, 0..1", "A capital after another, for each character"],

  lines: count("Lines"),
  blank_line_share: ["part, 0..1", "Blank lines, of all"],
  bullet_lines: count("Lines that begin with -, * or •"),
  numbered_lines: count("Lines that begin like 1. or 2)"),
  option_lines: count("Lines that begin like A. or (c): options to choose from"),
  option_line_chars: ["UTF-16 code units", "Mean length of the option lines"],
  option_char_share: ["part, 0..1", "Characters in option lines, of all"],
  indented_line_share: ["part, 0..1", "Lines that begin with two blanks or a tab, of all"],
  code_lines: count("Lines that end with ; { or }"),
  code_line_share: ["part, 0..1", "These, of all lines"],
  fence_lines: count("Lines that begin with ```, the marks of fenced code"),
  heading_lines: count("Lines that end with a colon"),
  longest_line_chars: ["UTF-16 code units", "Length of the longest line"],
  last_line_chars: ["UTF-16 code units", "Length of the last line that is not blank"],
  words_per_line: ["words", "Words for each line that is not blank"],

  words: count("Words; polite ones do not count, characters of scripts without spaces are one each"),
  distinct_word_share: words("that are different"),
  word_chars: ["characters", "Mean length of the words that are no numbers"],
  long_word_share: words("of 7 letters and more"),
  short_word_share: words("of up to 3 letters"),
  single_letter_share: words("of one letter"),
  number_word_share: words("that are numbers"),
  function_word_share: words("that carry grammar and no subject, English"),
  capitalised_share: words("with a capital that begin no sentence"),
  all_capitals_share: words("of capitals alone"),
  identifier_share: words("like names in programs: camelCase, snake_case"),
  longest_word_chars: ["characters", "Length of the longest word"],
  options_in_order: count("Letters A, B, C … in order, each before a bracket, full stop or colon"),
  sentences: count("Full stops and their like before a blank or a line's end, and one"),
  words_per_sentence: ["words", "Words for each of these"],
  rarity_mean: [
    "halvings, 0..15",
    "Mean rarity of the words: 0 for a word of every second prompt, one more for each halving",
  ],
  rarity_median: ["halvings, 0..15", "Rarity that half of the words do not exceed"],
  rarity_p75: ["halvings, 0..15", "Rarity that 75 % of the words do not exceed"],
  rarity_p90: ["halvings, 0..15", "Rarity that 90 % of the words do not exceed"],
  rarity_highest: ["halvings, 0..15", "Rarity of the rarest word"],
  rare_word_share: words("of a rarity of 10 and more: in one prompt of about a thousand"),
  unknown_word_share: words("of the highest rarity: never or hardly ever seen in training"),
  begins_what: begins("what"),
  begins_who_when_where: begins("who, when or where"),
  begins_which: begins("which"),
  begins_how: begins("how"),
  begins_why: begins("why"),
  begins_auxiliary: begins("an auxiliary: is, did, has"),
  begins_supposition: begins("one that sets a scene: if, given, consider, in, the"),
  begins_write: begins("one that asks for a work: write, build, implement, def"),
  begins_find: begins("one that asks for a result: find, compute, prove"),
  begins_explain: begins("one that asks for words: explain, summarize, list, translate"),

  asks_proof_words: kind("that ask for a proof, in any of the languages that are known"),
  asks_design_words: kind("that ask to design, build, move, secure or speed up something of many parts"),
  asks_work_words: kind("that ask for ordinary work: explain, compare, write, review"),
  asks_lookup_words: kind("that ask for a single fact or a simple change"),

  tools: count("Tools that the request offers"),
  tool_schema_chars: ["UTF-16 code units", "Length of the tools' definitions"],
  tool_schema_chars_per_tool: ["UTF-16 code units", "Mean length of a tool's definition"],
  images: count("Images in the request"),
  human_turns: count("Human turns in the request"),
  messages: count("Messages in the request"),
  system_chars: ["UTF-16 code units", "Length of the system text"],
  other_chars: ["UTF-16 code units", "Length of all other texts of the request"],
  structured_output: ["0 or 1", "An answer in a given form is asked for"],
  ends_in_tool_result: ["0 or 1", "The request ends with the result of a tool"],
};

/** What a name says by itself: of subjects, and of a feature that nobody has described yet. */
export function describeFamily(name: string): Described {
  const plain = name.replaceAll("_", " ");
  const subjectShare = /^(.+) word share$/.exec(plain)?.[1];
  if (subjectShare !== undefined)
    return ["part, 0..1", `Different words of the subject ${subjectShare}, of all different words`];
  const subject = /^(.+) words$/.exec(plain)?.[1];
  if (subject !== undefined) return kind(`of the subject ${subject}`);
  return [unitOf(name), `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`];
}

function unitOf(name: string): string {
  if (name.endsWith("_share")) return "part, 0..1";
  return name.endsWith("_chars") ? "UTF-16 code units" : "number";
}
