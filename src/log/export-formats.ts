import type { ExportColumn } from "./export-query.ts";

/** A row as the server sends it: the text of each column, in their order. */
export type ExportRow = readonly (string | null)[];

/** Makes a file of rows, bit by bit; "" where there is nothing to write yet. */
export interface ExportEncoder {
  /** What is before the rows. */
  start(): string | Uint8Array;
  rows(rows: readonly ExportRow[]): string | Uint8Array;
  /** What is after the rows. Without it the file is not complete. */
  end(): string | Uint8Array;
}

/**
 * One JSON object a line. Times are ISO 8601 in UTC, bytes base64, null is null; arrays and objects are
 * themselves.
 */
export function jsonLines(columns: readonly ExportColumn[]): ExportEncoder {
  const fields = columns.map(({ name, type }, index) => {
    return { type, start: `${index === 0 ? "{" : ","}${JSON.stringify(name)}:` };
  });
  const line = (row: ExportRow) => {
    let json = "";
    for (const [index, { type, start }] of fields.entries()) {
      const text = row[index] ?? null;
      json += start + (text === null ? "null" : type.toJson(text));
    }
    return `${json}}\n`;
  };
  return { start: () => "", rows: (rows) => rows.map(line).join(""), end: () => "" };
}

/**
 * RFC 4180, UTF-8 without a byte order mark, lines end in CR LF. Null is an empty field and an empty text is
 * `""`, as in PostgreSQL's own COPY; arrays and objects are JSON.
 *
 * Values are never changed: a text that begins with `=`, `+`, `-` or `@` stays as it is, for the file is
 * read by programs and must give back what was logged. Do not open it in a spreadsheet that runs formulas.
 */
export function csv(columns: readonly ExportColumn[]): ExportEncoder {
  const field = (text: string | null, index: number) => {
    if (text === null) return "";
    return quoteWhereNeeded(columns[index]?.type.toField(text) ?? "");
  };
  return {
    start: () => `${columns.map(({ name }) => quoteWhereNeeded(name)).join(",")}\r\n`,
    rows: (rows) => rows.map((row) => `${row.map(field).join(",")}\r\n`).join(""),
    end: () => "",
  };
}

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$|^$/;

function quoteWhereNeeded(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
