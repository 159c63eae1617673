/** A value of routing_logs as the database client hands it over. */
type Cell = unknown;

/** Turns rows into text. */
export interface ExportFormat {
  /** Written once, before the rows; "" for nothing. */
  header(columns: readonly string[]): string;
  /** One row with its line end. */
  row(columns: readonly string[], row: Readonly<Record<string, Cell>>): string;
}

/**
 * One JSON object a line. Times are ISO 8601 in UTC, bytes base64, null is null; arrays and objects are
 * themselves.
 */
export const jsonLines: ExportFormat = {
  header: () => "",
  row: (columns, row) =>
    `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, plain(row[name])])))}\n`,
};

/**
 * RFC 4180, UTF-8 without a byte order mark, lines end in CR LF. Null is an empty field and an empty text is
 * `""`, as in PostgreSQL's own COPY; arrays and objects are JSON.
 *
 * Values are never changed: a text that begins with `=`, `+`, `-` or `@` stays as it is, for the file is
 * read by programs and must give back what was logged. Do not open it in a spreadsheet that runs formulas.
 */
export const csv: ExportFormat = {
  header: (columns) => `${columns.map(quoteWhereNeeded).join(",")}\r\n`,
  row: (columns, row) => `${columns.map((name) => csvField(plain(row[name]))).join(",")}\r\n`,
};

function plain(value: Cell): Cell {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  return value ?? null;
}

function csvField(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "string") return value === "" ? '""' : quoteWhereNeeded(value);
  return quoteWhereNeeded(typeof value === "object" ? JSON.stringify(value) : String(value));
}

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

function quoteWhereNeeded(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
