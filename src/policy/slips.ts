/** A slip of the hand that makes a text no YAML. */
export interface Slip {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** What a version control leaves where two changes met. */
const MERGE_MARK = /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/;

/** Blanks that look like a space and are none; a web page or a chat puts them into what is copied from it. */
const ODD_INDENT = /^[ \t]*[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/;

/** Of keys that do not stand below each other. */
export const WRONG_COLUMN =
  "found wrong indentation, expected the entries of one mapping or list in one column";

/** `mode:enforce`; not a URL, a time, a path, or `ollama:latest` behind a key. */
const GLUED = /^\s*(?:- +)?[A-Za-z_]\w*:[\w"'{[-]/;
const KEY = /:(?:\s|$)/;

/**
 * Finds what made a text no YAML. The errors of the grammar come late, at lines that are right: it reads
 * `mode:enforce` as a text, and stumbles over the key below.
 *
 * @param errorLine line of the first error of the grammar.
 */
export function findSlips(text: string, errorLine: number): readonly Slip[] {
  const lines = text.split(/\r?\n/);
  const marks = lines.flatMap((line, index) => {
    const message = markOf(line);
    return message === null ? [] : [{ line: index + 1, message }];
  });
  return [...marks, ...findGluedColon(lines, errorLine), ...findOddColumn(lines, errorLine)];
}

/** Behind `{…}` or `[…]` the grammar misses a comma before a key that stands in a column of its own. */
function findOddColumn(lines: readonly string[], errorLine: number): readonly Slip[] {
  const line = lines[errorLine - 1] ?? "";
  const before = lines.slice(0, errorLine - 1).filter(says);
  const columns = new Set(before.flatMap(columnsOf));
  const isBehindBrackets = /[}\]]\s*(?:#.*)?$/.test(before.at(-1) ?? "");
  const isOdd = BLOCK_KEY.test(line) && !columnsOf(line).some((column) => columns.has(column));
  return isBehindBrackets && isOdd ? [{ line: errorLine, message: WRONG_COLUMN }] : [];
}

const BLOCK_KEY = /^ +(?:- +)?[A-Za-z_][\w-]*:(?:\s|$)/;

/** Columns at which something begins in a line: its indentation, and what stands behind `- `. */
function columnsOf(line: string): readonly number[] {
  const [, blanks = "", dash = ""] = /^( *)((?:- +)*)/.exec(line) ?? [];
  return dash === "" ? [blanks.length] : [blanks.length, blanks.length + dash.length];
}

const says = (line: string) => line.trim() !== "" && !line.trim().startsWith("#");

function markOf(line: string): string | null {
  if (MERGE_MARK.test(line)) return "found a mark of a merge with conflicts, expected the lines of one side";
  if (ODD_INDENT.test(line)) {
    return "found a blank that is no space as indentation (a no-break space for one), expected spaces";
  }
  return null;
}

/** In the line of the error, or the nearest one above that says something. */
function findGluedColon(lines: readonly string[], errorLine: number): readonly Slip[] {
  const above = lines.slice(0, errorLine - 1).findLastIndex(says);
  const isGlued = (index: number) => GLUED.test(lines[index] ?? "") && !KEY.test(lines[index] ?? "");
  return [above, errorLine - 1].filter(isGlued).map((index) => ({
    line: index + 1,
    message: "found a colon with no blank behind it, expected `key: value`",
  }));
}
