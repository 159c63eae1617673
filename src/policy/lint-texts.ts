import { type ConditionBlock, conditionBlocksOf, placesOf } from "./condition-texts.ts";
import type { Report } from "./report.ts";
import type { Routing } from "./schema.ts";
import { type Path, quote } from "./source.ts";

/** Warns of texts in the syntax of another kind: expressions among patterns, patterns among names, expressions among words. */
export function lintTexts(routing: Routing, report: Report): void {
  const blocks = conditionBlocksOf(routing);
  for (const path of globPlaces(routing, blocks)) lintGlob(path, report);
  for (const path of blocks.flatMap(namePlaces)) lintName(path, report);
  for (const path of listPlaces(routing, blocks)) lintComma(path, report);
  for (const { path } of blocks) lintZone([...path, "time_zone"], report);
  for (const path of wordPlaces(routing, blocks)) lintWord(path, report);
  for (const path of blocks.flatMap(expressionPlaces)) lintBackspace(path, report);
}

function globPlaces(routing: Routing, blocks: readonly ConditionBlock[]): readonly Path[] {
  return [
    ...placesOf(routing.auto_route_patterns, ["routing", "auto_route_patterns"]),
    ...placesOf(routing.external_models, ["routing", "external_models"]),
    ...blocks.flatMap(({ path, block }) => [
      ...placesOf(block.tool_name, [...path, "tool_name"]),
      ...placesOf(block.model_requested, [...path, "model_requested"]),
      ...Object.entries(block.header ?? {}).flatMap(([name, value]) =>
        placesOf(value, [...path, "header", name]),
      ),
    ]),
  ];
}

/**
 * What means something in a regular expression only: an anchor, `.*` behind what ends no word (`gpt-4.*` and
 * `anthropic.*` may well be names), `.+`, an escaped character, alternatives.
 */
const EXPRESSION = /^\^|\$$|(?<![\p{L}\p{N}\])*?])\.\*|\.\+|\]\+|\[\^|\\[.\-/dswb]|\([^)]*\|[^)]*\)|\(\?/u;
const ALTERNATIVES = /^[^\s|]+(\|[^\s|]+)+$/;
const BRACES = /\{[^{}]*,[^{}]*\}/;

function lintGlob(path: Path, report: Report): void {
  const text = report.textAt(path) ?? "";
  if (EXPRESSION.test(text) || ALTERNATIVES.test(text)) {
    const glob = toGlob(text);
    const wanted = glob === null ? "patterns of these" : quote(glob);
    report.warn(
      path,
      `found ${quote(text)}, a regular expression; a pattern knows * (any characters), ? and [abc] only: expected ${wanted}`,
    );
  } else if (BRACES.test(text)) {
    report.warn(
      path,
      `found ${quote(text)}, whose braces stand for themselves: expected one pattern for each`,
    );
  }
}

/** The pattern that says the same, null where none does. */
function toGlob(expression: string): string | null {
  const body = expression.replace(/^\^/, "").replace(/\$$/, "");
  const glob = body
    .replaceAll(/\.[*+]/g, "*")
    .replaceAll(/\\([.\-/])/g, "$1")
    .replaceAll("[^", "[!");
  if (glob === "" || /[\\()|^$+]/.test(glob)) return null;
  const isOpen = expression.startsWith("^") && !expression.endsWith("$") && !glob.endsWith("*");
  return isOpen ? `${glob}*` : glob;
}

const NAMES = ["team_id", "user_id", "key_alias", "tag"] as const;

const namePlaces = ({ path, block }: ConditionBlock) =>
  NAMES.flatMap((kind) => placesOf(block[kind], [...path, kind]));

function lintName(path: Path, report: Report): void {
  const text = report.textAt(path) ?? "";
  if (text.startsWith("sk-") && path.includes("key_alias")) {
    report.warn(path, "found a key, which no rule gets to see: expected its alias");
  }
  if (!text.includes("*") && !/^\^.*\$$/.test(text)) return;
  report.warn(
    path,
    `found ${quote(text)}, which matches only itself: names of callers and tags take no patterns, expected a list of them`,
  );
}

/** Names and patterns in which no comma stands, as it may in a user or the value of a header. */
function listPlaces(routing: Routing, blocks: readonly ConditionBlock[]): readonly Path[] {
  return [
    ...placesOf(routing.auto_route_patterns, ["routing", "auto_route_patterns"]),
    ...placesOf(routing.external_models, ["routing", "external_models"]),
    ...blocks.flatMap(({ path, block }) =>
      (["tool_name", "model_requested", "tag"] as const).flatMap((kind) =>
        placesOf(block[kind], [...path, kind]),
      ),
    ),
  ];
}

function lintComma(path: Path, report: Report): void {
  const text = report.textAt(path) ?? "";
  const items = text.split(/,\s+/);
  // Braces are told of already.
  if (items.length < 2 || BRACES.test(text)) return;
  report.warn(
    path,
    `found ${quote(text)}, one text with a comma in it: several are ${JSON.stringify(items).replaceAll('","', '", "')}`,
  );
}

/** Short names that the tables of time zones know as the clock of another place, or as one without summer time. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ["BST", "Europe/London"],
  ["EST", "America/New_York"],
  ["MST", "America/Denver"],
  ["AST", "America/Halifax"],
  ["NST", "America/St_Johns"],
]);

function lintZone(path: Path, report: Report): void {
  const zone = report.textAt(path) ?? "";
  const place = PLACES.get(zone.toUpperCase());
  if (place === undefined) return;
  report.warn(path, `found ${quote(zone)}, another clock than that of ${place}: expected the place`);
}

function wordPlaces(
  { classifier, conversation }: Routing,
  blocks: readonly ConditionBlock[],
): readonly Path[] {
  const path: Path = ["routing", "classifier"];
  const keywords = (["complex_keywords", "simple_keywords"] as const).flatMap((key) => [
    ...placesOf(classifier[key], [...path, key]),
    ...placesOf(classifier.static?.[key], [...path, "static", key]),
  ]);
  return [
    ...keywords,
    ...placesOf(conversation.escalate_phrases, ["routing", "conversation", "escalate_phrases"]),
    ...blocks.flatMap(({ path, block }) => placesOf(block.text_contains, [...path, "text_contains"])),
  ];
}

/** Not `$` at the end, which may be money, nor `\b` before a letter, which LaTeX has, nor `^C`. */
const EXPRESSION_IN_WORDS =
  /^\^\p{L}{2}|^\/.+\/[gimsuy]+$|\.[*+][\p{L}\p{N}]|^\.\*|\\[bdsw](?!\p{L})|\([^()|]*[^()|\s]\|[^()|\s][^()]*\)|^[\p{L}\p{N}]+(\|[\p{L}\p{N}]+)+$/u;

function lintWord(path: Path, report: Report): void {
  const text = report.textAt(path) ?? "";
  lintBackspace(path, report);
  if (!EXPRESSION_IN_WORDS.test(text)) return;
  const wanted = path.includes("text_contains") ? "text_matches, which takes one" : "each wording by itself";
  report.warn(
    path,
    `found ${quote(text)}, a regular expression, which is looked for as it stands: expected ${wanted}`,
  );
}

const EXPRESSIONS = ["text_matches", "system_matches", "harness_matches"] as const;

const expressionPlaces = ({ path, block }: ConditionBlock) =>
  EXPRESSIONS.flatMap((kind) => placesOf(block[kind], [...path, kind]));

/** YAML reads `\b` between double quotes as a backspace, which no text holds. */
function lintBackspace(path: Path, report: Report): void {
  const text = report.textAt(path) ?? "";
  if (!text.includes("\b")) return;
  report.warn(
    path,
    `found ${quote(text)} between double quotes, where \\b is a backspace: between single quotes it is the border of a word`,
  );
}
