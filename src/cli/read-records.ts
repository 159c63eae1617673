import { CsvError, parse } from "csv-parse";
import { CliError, EXIT } from "./cli-error.ts";
import { asReadError, openText, readLines } from "./read-lines.ts";
import { readParquet } from "./read-parquet.ts";

/** A record of a file, or what is wrong with it. */
export type FileRecord = { readonly line: number } & (
  | { readonly record: unknown }
  | { readonly problem: string }
);

/** Longest record of a CSV file, in bytes: a row of the log has at most some 100 KB. */
const MAX_CSV_RECORD = 16 * 2 ** 20;

/**
 * Reads the records of a file one by one: Parquet where it is called `.parquet`, CSV with a line of names where it is
 * called `.csv` or `.csv.gz`, in letters of either case, else JSON lines. Values of CSV are texts, parted by commas,
 * semicolons or tabs. Lines count from 1, rows of Parquet too; of a
 * record of several lines, its last counts.
 *
 * @param columns of Parquet that are read.
 * @throws {CliError} where the file cannot be read, or CSV ends within a quoted text.
 */
export function readRecords(path: string, columns: readonly string[]): AsyncGenerator<FileRecord> {
  if (/\.parquet$/i.test(path)) return readRows(path, columns);
  return /\.csv(\.gz)?$/i.test(path) ? readCsv(path) : readJsonLines(path);
}

async function* readRows(path: string, columns: readonly string[]): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const record of readParquet(path, columns)) {
    line += 1;
    yield { line, record };
  }
}

async function* readJsonLines(path: string): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const text of readLines(path)) {
    line += 1;
    // trim() takes a byte order mark too.
    const trimmed = text.trim();
    if (trimmed !== "") yield { line, ...parseJson(trimmed) };
  }
}

function parseJson(text: string): { record: unknown } | { problem: string } {
  try {
    return { record: JSON.parse(text) };
  } catch {
    return { problem: "found text that is no JSON, expected a JSON object" };
  }
}

async function* readCsv(path: string): AsyncGenerator<FileRecord> {
  const parser = parse({
    delimiter: delimiterOf(await readHead(path)),
    bom: true,
    columns: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_CSV_RECORD,
  });
  const text = openText(path);
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { record, info } of parser) {
      const { lines: line, error } = info;
      yield error ? { line, problem: `found ${error.message}` } : { line, record };
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new CliError(EXIT.misused, `Cannot read ${path}: ${error.message}`, { cause: error });
    throw asReadError(path, error);
  }
}

/** Enough for the line of names. */
async function readHead(path: string): Promise<string> {
  try {
    for await (const chunk of openText(path)) return String(chunk);
    return "";
  } catch (error) {
    throw asReadError(path, error);
  }
}

/** Excel parts by what the language of its system does: by semicolons where decimals have a comma. */
const DELIMITERS = [",", ";", "\t"] as const;

/** The one that parts the names of the first line into the most. */
function delimiterOf(head: string): string {
  const [names = ""] = head.split(/[\r\n]/, 1);
  const parts = DELIMITERS.map((delimiter) => ({ delimiter, count: names.split(delimiter).length }));
  return parts.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}
