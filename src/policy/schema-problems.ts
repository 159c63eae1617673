import type { z } from "zod";
import { LANGUAGE_CODES } from "../classify/language/language-codes.ts";
import type { Report } from "./report.ts";
import { CONDITION_NAMES, RULE_KEYS } from "./schema-rules.ts";
import { type Path, quote } from "./source.ts";

type Issue = z.core.$ZodIssue;

/** Reports what a schema of `schema.ts` said; its messages are the expectations. `base` is where the value stands. */
export function reportIssues(issues: readonly Issue[], base: Path, report: Report): void {
  for (const issue of issues) reportIssue(issue, base, report);
}

function reportIssue(issue: Issue, base: Path, report: Report): void {
  const path = [...base, ...issue.path.map(toStep)];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) reportUnknownKey([...path, key], issue.message, report);
  } else if (issue.code === "invalid_union") reportUnion(issue, path, report);
  else if (issue.code === "invalid_value") {
    report.unexpected(path, issue.message + suggestValue(issue, path, report));
  } else report.unexpected(wholeRange(path), issue.message);
}

const toStep = (step: PropertyKey) => (typeof step === "number" ? step : String(step));

function reportUnknownKey(path: Path, known: string, report: Report): void {
  const place = placeInRule(path);
  if (place !== null) {
    report.error(path, place);
    return;
  }
  const suggestion = report.suggest(String(path.at(-1)), known.split(", "));
  report.error(path, `found an unknown key, expected one of ${known}${suggestion}`);
}

/** A condition beside `when`, or an action within it; null: the key is neither. */
function placeInRule(path: Path): string | null {
  const [, section, , ...keys] = path;
  const key = String(keys.at(-1));
  if (section !== "rules") return null;
  if (keys.length === 1 && CONDITION_NAMES.has(key)) {
    return `found a condition beside when, expected it within: when: {${key}: …}`;
  }
  if (keys[0] === "when" && keys.length === 2 && RULE_KEYS.has(key)) {
    return "found a key of the rule within when, expected it beside when";
  }
  return null;
}

/** A union of a text and a mapping: only the branch of the kind that was written has something to say. */
function reportUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, report: Report): void {
  const branch = issue.errors.find((issues) => !issues.some(isWrongKind));
  if (branch === undefined) report.unexpected(path, issue.message);
  else reportIssues(branch, path, report);
}

const isWrongKind = (issue: Issue) => issue.code === "invalid_type" && issue.path.length === 0;

function suggestValue(issue: z.core.$ZodIssueInvalidValue, path: Path, report: Report): string {
  // The value as written, never what a variable holds.
  const found = report.textAt(path);
  if (found === null) return "";
  const values = issue.values.map(String);
  const code = path.includes("language") ? codeOf(found) : undefined;
  return code === undefined ? report.suggest(found, values) : ` (did you mean ${quote(code)}?)`;
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

/** Codes by the code itself and by the English name, in lower case: there may be thousands of typos. */
const CODES: ReadonlyMap<string | undefined, string> = new Map(
  LANGUAGE_CODES.flatMap((code) => [
    [code, code],
    [LANGUAGES.of(code)?.toLowerCase(), code],
  ]),
);

/** The code of a language that is written as its English name, or with its country: `german`, `de-DE`. */
function codeOf(written: string): string | undefined {
  const word = written.toLowerCase();
  return CODES.get(word) ?? CODES.get(word.split(/[-_]/)[0]);
}

/** One bound alone says little: a range is shown as a whole. */
function wholeRange(path: Path): Path {
  const at = path.indexOf("score_range");
  return at < 0 ? path : path.slice(0, at + 1);
}
