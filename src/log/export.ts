import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client, QueryArrayResult } from "pg";
import { causeOf, connectForCommand } from "./connect-for-command.ts";
import { describeDatabase } from "./describe-database.ts";
import { csv, type ExportEncoder, type ExportRow, jsonLines } from "./export-formats.ts";
import { parquet } from "./export-parquet.ts";
import {
  type ExportColumn,
  type ExportFilter,
  exportQuery,
  readColumns,
  type Statement,
} from "./export-query.ts";

export const EXPORT_FORMATS = ["jsonl", "csv", "parquet"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions extends ExportFilter {
  readonly databaseUrl: string;
  readonly format: ExportFormat;
  /** Not ended: standard output must stay open. */
  readonly out: Writable;
  /** Called with the rows read so far, about a thousand rows apart. */
  readonly onProgress?: (rows: number) => void;
  /** Ends the export early, after a whole row. */
  readonly signal?: AbortSignal;
}

export interface ExportResult {
  /** Rows read. */
  readonly rows: number;
  /** Bytes handed to `out`. */
  readonly bytes: number;
  /** All rows and the file's end were written: not told to stop, and the reader did not go away. */
  readonly isComplete: boolean;
}

/** Rows in memory at a time, beside a Parquet row group: some 20 MB where texts are at their longest. */
const FETCH_ROWS = 1_000;
/** A filter may pass over many rows before it finds the next: hours, in milliseconds. */
const FETCH_TIMEOUT_MS = 24 * 3_600_000;

const ENCODERS: Readonly<Record<ExportFormat, (columns: readonly ExportColumn[]) => ExportEncoder>> = {
  jsonl: jsonLines,
  csv,
  parquet,
};

/**
 * Writes a table of the log as a file, by rising or falling id: what was there at the start, however many rows. Reads on
 * only as fast as `out` takes them. A reader that goes away, such as `head`, ends the export and is no error.
 *
 * @throws {Error} where the database is away or `out` fails.
 */
export async function exportTable(options: ExportOptions): Promise<ExportResult> {
  const connection = await connectForCommand(options.databaseUrl, "signalbox export");
  const result = { rows: 0, bytes: 0, isComplete: false };
  try {
    const chunks = Readable.from(encode(connection.client, options, result), { highWaterMark: 1 });
    await pipeline(chunks, options.out, { end: false });
  } catch (error) {
    if (!hasCode(error, "EPIPE")) throw error;
    result.isComplete = false;
  } finally {
    await connection.close();
  }
  return result;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

type Progress = { -readonly [Key in keyof ExportResult]: ExportResult[Key] };

async function* encode(
  client: Client,
  options: ExportOptions,
  result: Progress,
): AsyncGenerator<string | Uint8Array> {
  const count = (chunk: string | Uint8Array) => {
    result.bytes += Buffer.byteLength(chunk);
    return chunk;
  };
  await begin(client);
  const columns = await readColumns(client, options);
  const encoder = ENCODERS[options.format](columns);
  yield count(encoder.start());
  for await (const rows of readRows(client, options, exportQuery(columns, options))) {
    const chunk = encoder.rows(rows);
    if (chunk.length > 0) yield count(chunk);
    result.rows += rows.length;
    options.onProgress?.(result.rows);
  }
  if (options.signal?.aborted === true) return;
  yield count(encoder.end());
  result.isComplete = true;
}

/**
 * The snapshot of the transaction is what makes all batches parts of one picture. The settings fix the text
 * of values, whatever the database's own are, and let a range of time prune the outcomes as it does the logs.
 */
async function begin(client: Client): Promise<void> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await client.query(
    `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex';
     SET LOCAL extra_float_digits = 1; SET LOCAL enable_partitionwise_join = on; SET LOCAL jit = off;
     SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off;
     SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
}

async function* readRows(
  client: Client,
  options: ExportOptions,
  query: Statement,
): AsyncGenerator<readonly ExportRow[]> {
  try {
    await client.query(`DECLARE export_rows NO SCROLL CURSOR FOR ${query.text}`, query.values);
    yield* fetchAll(client, options.signal);
  } catch (error) {
    throw new Error(
      `Cannot read ${options.table} from ${describeDatabase(options.databaseUrl)}: ${causeOf(error)}`,
      { cause: error },
    );
  }
}

/** The next batch is on its way while the last one is being encoded. */
async function* fetchAll(
  client: Client,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ExportRow[]> {
  let next = fetchRows(client);
  while (signal?.aborted !== true) {
    const { rows } = await next;
    const isLast = rows.length < FETCH_ROWS;
    if (!isLast) next = fetchRows(client);
    yield rows;
    if (isLast) return;
  }
}

function fetchRows(client: Client): Promise<QueryArrayResult<(string | null)[]>> {
  const config = {
    text: `FETCH ${FETCH_ROWS} FROM export_rows`,
    rowMode: "array",
    types: { getTypeParser: () => (text: string) => text },
    query_timeout: FETCH_TIMEOUT_MS,
  } as const;
  const fetched = client.query<(string | null)[]>(config);
  // Nobody waits for it where the export ends early.
  fetched.catch(() => undefined);
  return fetched;
}
