import type { DecisionRecord } from "../decide/decision.ts";
import { cleanText } from "./clean-text.ts";
import { toRow } from "./row.ts";
import type { Privacy } from "./veil.ts";

/** `JSON.stringify` writes NUL and lone surrogates as escapes, which PostgreSQL refuses in text and jsonb. */
const ESCAPE = "\\u";
const ESCAPED_TROUBLE = /\\u(?:0000|d[89a-f])/;

/**
 * The row of a decision as one line of JSON, without the newline: its keys are columns of routing_logs, and
 * PostgreSQL takes it as it is (well-formed, no NUL). Pure and total.
 */
export function toLine(record: DecisionRecord, privacy: Privacy): string {
  return toJsonLine(toRow(record, privacy));
}

/** Writes a row as one line of JSON that PostgreSQL takes: NUL and lone surrogates become U+FFFD. */
export function toJsonLine(row: object): string {
  const line = JSON.stringify(row);
  if (!line.includes(ESCAPE) || !ESCAPED_TROUBLE.test(line)) return line;
  return JSON.stringify(row, (_key, part: unknown) => (typeof part === "string" ? cleanText(part) : part));
}
