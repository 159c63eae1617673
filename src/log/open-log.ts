import type { ClientBase } from "pg";
import { createDurableRecorder, type DurableRecorderOptions } from "./durable-recorder.ts";
import { migrate } from "./migrate.ts";
import { outcomeUpsert } from "./outcome-upsert.ts";
import type { LogTable, Recorder } from "./recorder.ts";

/** Stores a JSON array of rows. Every column of a table is a key of its rows, or null. */
const STATEMENTS: Readonly<Record<LogTable, string>> = {
  routing_logs: insertNew("routing_logs"),
  routing_outcomes: outcomeUpsert,
  routing_feedback: insertNew("routing_feedback"),
};

/** A row that is there already was stored by a try whose answer got lost. */
function insertNew(table: LogTable): string {
  return `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1) ON CONFLICT DO NOTHING`;
}

/**
 * Opens the log: brings the schema up to date in the background, then writes. Returns at once, also where
 * the database is away; each new connection looks at the schema again.
 */
export function openLog(options: Omit<DurableRecorderOptions, "prepare" | "statements">): Recorder {
  const { logger } = options;
  const onProgress = (message: string) => logger.info({ event: "migration", message });
  const prepare = (client: ClientBase) => migrate(client, { onProgress });
  return createDurableRecorder({ ...options, prepare, statements: STATEMENTS });
}
