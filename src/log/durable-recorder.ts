import { join } from "node:path";
import type { ClientBase } from "pg";
import type { Logger } from "pino";
import type { DecisionRecord } from "../decide/decision.ts";
import { type Connection, connect } from "./connection.ts";
import type { CopyRows } from "./outbox/copy-rows.ts";
import { DiskBudget } from "./outbox/disk-budget.ts";
import { Drain } from "./outbox/drain.ts";
import { Outage } from "./outbox/outage.ts";
import { Outbox } from "./outbox/outbox.ts";
import { OutboxFolder } from "./outbox/outbox-folder.ts";
import { TableLog } from "./outbox/table-log.ts";
import type { LogTable, OutboxStatus, Recorder, RecorderStatus, Refusal, RowOfDecision } from "./recorder.ts";
import { toJsonLine, toLine } from "./row-line.ts";
import { timeOfUuid7 } from "./uuid7-time.ts";
import type { Privacy } from "./veil.ts";

export interface DurableRecorderOptions {
  /** Looked at for each row: it may change while rows are written. */
  readonly privacy: Privacy;
  readonly databaseUrl: string;
  /** Folder of the outbox; the sidecars that share it have a folder in it each. */
  readonly outboxRoot: string;
  /** Most bytes that wait on the disk. */
  readonly outboxMaxBytes: number;
  /** Rows older than this are not kept, in days. */
  readonly retentionDays: number;
  /** Stores a JSON array of rows, by table. */
  readonly statements: Readonly<Record<LogTable, string>>;
  /** A quicker way, for the tables that have one. */
  readonly copies: Readonly<Partial<Record<LogTable, CopyRows>>>;
  /** Runs on each new connection before anything is written; rows wait until it succeeds. */
  readonly prepare: (client: ClientBase) => Promise<unknown>;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** A statement without an answer for so long has lost its server, in milliseconds; a minute by default. */
  readonly answerTimeoutMs?: number;
  /** Milliseconds since 1970; the clock by default. */
  readonly now?: () => number;
}

const TABLES = ["routing_logs", "routing_outcomes", "routing_feedback"] as const;
const DAY_MS = 86_400_000;
/** Share of the outbox from which on an operator is told. */
const ALARM_SHARE = 0.8;

/**
 * Opens a recorder whose rows are on the disk before it returns, and move into PostgreSQL in the background. The
 * database may be away for as long as the disk has room, the disk may refuse: nothing of that is the caller's.
 */
export function createDurableRecorder(options: DurableRecorderOptions): Recorder {
  return new DurableRecorder(options);
}

/** One table's rows and what moves them. */
interface Lane {
  readonly rows: TableLog;
  readonly drain: Drain;
}

class DurableRecorder implements Recorder {
  readonly #options: DurableRecorderOptions;
  readonly #now: () => number;
  readonly #budget: DiskBudget;
  readonly #outage: Outage;
  readonly #lanes: Readonly<Record<LogTable, Lane>>;
  readonly #folder: OutboxFolder;

  constructor(options: DurableRecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#budget = new DiskBudget(options.outboxMaxBytes);
    this.#outage = new Outage(options.logger);
    this.#lanes = {
      routing_logs: this.#openLane("routing_logs"),
      routing_outcomes: this.#openLane("routing_outcomes"),
      routing_feedback: this.#openLane("routing_feedback"),
    };
    this.#folder = new OutboxFolder({
      root: options.outboxRoot,
      onClaimed: (folder) => this.#each(({ rows }) => rows.outbox.useFolder(folder)),
      onFound: (table, path) => this.#adopt(table, path),
    });
  }

  record(record: DecisionRecord): void {
    const { rows, drain } = this.#lanes.routing_logs;
    const line = this.#lineOf(record);
    if (line === null) rows.refuse("unwritable");
    else rows.add(line);
    drain.ring();
  }

  outcome(row: RowOfDecision): Refusal | null {
    return this.#addRow("routing_outcomes", row);
  }

  feedback(row: RowOfDecision): Refusal | null {
    return this.#addRow("routing_feedback", row);
  }

  status(): RecorderStatus {
    const { routing_logs, routing_outcomes, routing_feedback } = this.#lanes;
    const tables = {
      routing_logs: routing_logs.rows.flow(),
      routing_outcomes: routing_outcomes.rows.flow(),
      routing_feedback: routing_feedback.rows.flow(),
    };
    const errors = TABLES.map((table) => this.#lanes[table].drain.lastError);
    const outbox = this.#outboxStatus();
    const lastError = errors.find((error) => error !== null) ?? null;
    const inMemory = TABLES.reduce((sum, table) => sum + this.#lanes[table].rows.inMemory, 0);
    const away = lastError === null ? [] : [`the database takes no rows: ${lastError}`];
    const alarms = [...away, ...alarmsOf(tables, { ...outbox, inMemory })];
    return { tables, lastError, outbox, maintenance: null, embeddings: null, alarms };
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all(TABLES.map((table) => this.#lanes[table].drain.close(deadlineMs)));
    await Promise.all(TABLES.map((table) => this.#lanes[table].rows.close()));
    this.#folder.close();
  }

  #openLane(table: LogTable): Lane {
    const { outboxRoot, retentionDays, statements, copies, logger } = this.#options;
    const maxAgeMs = retentionDays * DAY_MS;
    const rows = new TableLog(new Outbox({ table, budget: this.#budget, now: this.#now, maxAgeMs }));
    const drain = new Drain({
      name: table,
      rows,
      statement: statements[table],
      copy: copies[table] ?? null,
      connect: (signal) => this.#connect(signal),
      quarantinePath: join(outboxRoot, "quarantine", `${table}.ndjson`),
      outage: this.#outage,
      logger,
    });
    return { rows, drain };
  }

  /** null where there is none: the answer matters more than its row. */
  #lineOf(record: DecisionRecord): string | null {
    try {
      return toLine(record, this.#options.privacy);
    } catch (error) {
      this.#options.logger.warn({ event: "log_row_unwritable", decisionId: record.id, err: error });
      return null;
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const { databaseUrl, prepare, answerTimeoutMs } = this.#options;
    const connection = await connect(databaseUrl, "signalbox", { signal, answerTimeoutMs });
    try {
      // A row leaves the outbox when it is committed: a server that only promises to do so must not be believed.
      await connection.client.query("SET synchronous_commit = on");
      await prepare(connection.client);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return connection;
  }

  #adopt(table: string, path: string): void {
    const known = TABLES.find((name) => name === table);
    if (known === undefined) return;
    const { rows, drain } = this.#lanes[known];
    rows.adopt(path);
    drain.ring();
  }

  #addRow(table: LogTable, row: RowOfDecision): Refusal | null {
    const refusal = this.#refusalOf(row.decision_id);
    // Whoever sent it is told: it is no row that was lost, which would be an alarm until the next start.
    if (refusal !== null) return refusal;
    const { rows, drain } = this.#lanes[table];
    rows.add(toJsonLine(row));
    drain.ring();
    return null;
  }

  /** Rows about decisions of days that are gone, or to come, would find no partition. */
  #refusalOf(decisionId: string): Refusal | null {
    const atMs = timeOfUuid7(decisionId);
    const nowMs = this.#now();
    if (atMs === null || atMs > nowMs + DAY_MS) return "unknown_decision";
    return nowMs - atMs > this.#options.retentionDays * DAY_MS ? "expired" : null;
  }

  #each(action: (lane: Lane) => void): void {
    for (const table of TABLES) action(this.#lanes[table]);
  }

  #outboxStatus(): OutboxStatus {
    const outboxes = TABLES.map((table) => this.#lanes[table].rows.outbox);
    const oldestMs = outboxes.map(({ oldestMs }) => oldestMs).filter((ms) => ms !== null);
    const diskErrors = [this.#folder.error, ...outboxes.map(({ diskError }) => diskError)];
    return {
      bytes: this.#budget.usedBytes,
      maxBytes: this.#budget.maxBytes,
      segments: outboxes.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
      oldestAt: oldestMs.length === 0 ? null : new Date(Math.min(...oldestMs)),
      diskError: diskErrors.find((error) => error !== null) ?? null,
    };
  }
}

function alarmsOf(
  tables: RecorderStatus["tables"],
  outbox: OutboxStatus & { readonly inMemory: number },
): string[] {
  const alarms = TABLES.flatMap((table) =>
    Object.entries(tables[table].dropped).map(
      ([reason, rows]) => `${table}: ${rows} rows were dropped (${reason})`,
    ),
  );
  if (outbox.diskError !== null) alarms.push(`the disk of the outbox refuses: ${outbox.diskError}`);
  if (outbox.inMemory > 0) alarms.push(`a kill would lose ${outbox.inMemory} rows: they wait in memory only`);
  if (outbox.bytes > ALARM_SHARE * outbox.maxBytes) {
    alarms.push(`the outbox holds ${outbox.bytes} of at most ${outbox.maxBytes} bytes`);
  }
  return alarms;
}
