import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { connect } from "./connection.ts";
import { createDurableRecorder, type DurableRecorderOptions } from "./durable-recorder.ts";
import { EmbeddingFiller } from "./embedding/embedding-filler.ts";
import { createOllamaEmbedder, type Embed, type OllamaEmbedderOptions } from "./embedding/ollama-embedder.ts";
import { logAlarms } from "./log-alarms.ts";
import { maintain } from "./maintain.ts";
import { createMaintenance } from "./maintenance.ts";
import { migrate } from "./migrate.ts";
import { copyRows } from "./outbox/copy-rows.ts";
import { outcomeUpsert } from "./outcome-upsert.ts";
import type { LogTable, Recorder } from "./recorder.ts";
import { ROW_COLUMNS } from "./row-columns.ts";

export interface LogOptions extends Omit<DurableRecorderOptions, "prepare" | "statements" | "copies"> {
  /** The model that makes embeddings of stored texts; none are made where it is left out. */
  readonly embedding?: OllamaEmbedderOptions & { readonly maxChars: number };
}

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
 * Opens the log: brings the schema up to date in the background, writes, keeps the database in order, and makes
 * embeddings where they are wished for. Returns at once, also where the database is away; each new connection
 * looks at the schema again.
 */
export function openLog(options: LogOptions): Recorder {
  const { databaseUrl, retentionDays, logger } = options;
  // First: what it throws must not leave anything behind that keeps the process alive.
  const embed = options.embedding === undefined ? null : createOllamaEmbedder(options.embedding);
  const onProgress = (message: string) => logger.info({ event: "migration", message });
  const prepare = (client: ClientBase) => migrate(client, { onProgress });
  const prepareToWrite = async (client: ClientBase) => {
    await prepare(client);
    await makePartitions(client, retentionDays);
  };
  const copies = { routing_logs: copyRows("routing_logs", ROW_COLUMNS) };
  const recorder = createDurableRecorder({
    ...options,
    prepare: prepareToWrite,
    statements: STATEMENTS,
    copies,
  });
  const maintenance = createMaintenance({
    databaseUrl,
    retentionDays: () => retentionDays,
    oldestWaiting: () => recorder.status().outbox?.oldestAt ?? null,
    prepare,
    logger,
  });
  const embeddings = openEmbeddings(options, embed);
  return {
    record: (record) => recorder.record(record),
    outcome: (row) => recorder.outcome(row),
    feedback: (row) => recorder.feedback(row),
    status: () => {
      const written = recorder.status();
      const kept = maintenance.status();
      const embedded = embeddings?.status() ?? null;
      const alarms = logAlarms(written, kept, embedded);
      return { ...written, maintenance: kept, embeddings: embedded, alarms };
    },
    close: async (deadlineMs) => {
      await Promise.all([recorder.close(deadlineMs), maintenance.close(), embeddings?.close()]);
    },
  };
}

/** Days after today; the maintenance makes more. */
const FIRST_DAYS_AHEAD = 1;
const BUSY_TRIES = 40;
const BUSY_WAIT_MS = 50;

/** Today's rows are to find their partition: in the default one they would have to be moved. */
async function makePartitions(client: ClientBase, retentionDays: number): Promise<void> {
  const wish = { aheadDays: FIRST_DAYS_AHEAD, retentionDays, oldestWaiting: null };
  for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
    if ((await maintain(client, wish)) !== null) return;
    await sleep(BUSY_WAIT_MS);
  }
}

/** Under `none` there is no text in the database to embed. */
function openEmbeddings(
  { embedding, privacy, databaseUrl, logger }: LogOptions,
  embed: Embed | null,
): EmbeddingFiller | null {
  if (embedding === undefined || embed === null || privacy.storeText === "none") return null;
  const { model, maxChars } = embedding;
  return new EmbeddingFiller({
    connect: (signal) => connect(databaseUrl, "signalbox embeddings", { signal }),
    embed,
    model,
    maxChars,
    logger,
  });
}
