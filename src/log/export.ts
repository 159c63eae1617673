import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { connect } from "./connection.ts";
import { csv, jsonLines } from "./export-formats.ts";

/** Which rows: each that is given must fit, null fits all. */
interface ExportFilter {
  /** From this time on. */
  readonly since: Date | null;
  /** Before this time. */
  readonly until: Date | null;
  readonly tier: string | null;
  readonly method: string | null;
}

export interface ExportOptions extends ExportFilter {
  readonly databaseUrl: string;
  readonly format: "jsonl" | "csv";
  /** Not ended: standard output must stay open. */
  readonly out: Writable;
  /** Called with the rows so far, about a thousand rows apart. */
  readonly onProgress?: (rows: number) => void;
  /** Ends the export early, after a whole row. */
  readonly signal?: AbortSignal;
}

/** Rows in memory at a time. */
const FETCH_ROWS = 1_000;
const FORMATS = { jsonl: jsonLines, csv } as const;

/**
 * Writes routing_logs as text, oldest first: what was there at the start, however many rows. Reads on only as
 * fast as `out` takes them. A reader that goes away, such as `head`, ends the export and is no error.
 *
 * @returns number of rows written.
 * @throws {Error} where the database is away or `out` fails.
 */
export async function exportLogs(options: ExportOptions): Promise<number> {
  const connection = await connect(options.databaseUrl, "signalbox export");
  let rows = 0;
  const onRows = (count: number) => {
    rows += count;
    options.onProgress?.(rows);
  };
  try {
    await pipeline(
      Readable.from(writeText(connection.client, options, onRows), { highWaterMark: 1 }),
      options.out,
      { end: false },
    );
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  } finally {
    await connection.close();
  }
  return rows;
}

/** The snapshot of the transaction is what makes all batches parts of one picture. */
async function* writeText(
  client: Client,
  options: ExportOptions,
  onRows: (count: number) => void,
): AsyncGenerator<string> {
  const { header, row } = FORMATS[options.format];
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await declareCursor(client, options);
  let columns: string[] | null = null;
  while (options.signal?.aborted !== true) {
    const batch = await client.query<Record<string, unknown>>(`FETCH ${FETCH_ROWS} FROM routing_export`);
    const isFirst = columns === null;
    columns ??= batch.fields.map(({ name }) => name);
    const names = columns;
    const text = batch.rows.map((values) => row(names, values)).join("");
    yield (isFirst ? header(names) : "") + text;
    onRows(batch.rows.length);
    if (batch.rows.length < FETCH_ROWS) break;
  }
  await client.query("COMMIT");
}

const COLUMNS = `
  id, timestamp, user_text, system_prompt, system_prompt_hash, token_count, conversation_turns,
  code_block_count, code_lines, has_error_trace, tool_count, tier, strategy, score, original_model,
  resolved_model, embedding, method, confidence, reason, pick, candidates, propensity, policy_revision,
  classifier_revision, mode, trace, features, feature_version, call_type, litellm_call_id, key_hash, team_id,
  user_id, end_user_id, tags, conversation_id, turn, input_tokens_estimate, estimated_cost_usd,
  baseline_model, decide_us, redactions`;

async function declareCursor(client: Client, { since, until, tier, method }: ExportFilter): Promise<void> {
  await client.query(
    `DECLARE routing_export NO SCROLL CURSOR FOR
       SELECT ${COLUMNS} FROM routing_logs
       WHERE ($1::timestamptz IS NULL OR timestamp >= $1)
         AND ($2::timestamptz IS NULL OR timestamp < $2)
         AND ($3::text IS NULL OR tier = $3)
         AND ($4::text IS NULL OR method = $4)
       ORDER BY id`,
    [since, until, tier, method],
  );
}
