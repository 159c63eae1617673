import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import type { Logger } from "pino";
import type { DecisionRecord } from "../decide/decision.ts";
import { Bell } from "./bell.ts";
import { type Connection, connect } from "./connection.ts";
import { dataErrorState } from "./database-error.ts";
import { insertRows } from "./insert-rows.ts";
import { BoundedQueue } from "./queue.ts";
import { recordBytes } from "./record-bytes.ts";
import type { Recorder, RecorderStatus } from "./recorder.ts";
import { type LogRow, toRow } from "./row.ts";
import type { Privacy } from "./veil.ts";

export interface PostgresRecorderOptions extends Privacy {
  readonly databaseUrl: string;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Runs on each new connection before anything is written; rows wait until it succeeds. */
  readonly prepare?: (client: ClientBase) => Promise<unknown>;
  /** Most rows that wait; 50,000 by default. */
  readonly queueMax?: number;
  /** Most memory of rows that wait, about, in bytes; 64 MiB by default. */
  readonly queueMaxBytes?: number;
  /** Most rows of one statement; 100 by default, larger ones hold up the event loop. */
  readonly batchMax?: number;
  /** How long a first row waits for others, in milliseconds; 20 by default. */
  readonly lingerMs?: number;
}

type DropReason = "queue_full" | "poison" | "closed";

const QUEUE_MAX = 50_000;
const QUEUE_MAX_BYTES = 64 * 2 ** 20;
const BATCH_MAX = 100;
const BATCH_MAX_BYTES = 8 * 2 ** 20;
const LINGER_MS = 20;
/** How long rows are made without a break, in milliseconds: requests are served in between. */
const SLICE_MS = 1;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 15_000;

/**
 * Opens a recorder that writes to PostgreSQL in the background. The database may be away, now or later:
 * rows wait in memory, up to the bounds, and what comes when they are full is dropped and counted.
 */
export function createPostgresRecorder(options: PostgresRecorderOptions): Recorder {
  return new PostgresRecorder(options);
}

class PostgresRecorder implements Recorder {
  readonly #options: PostgresRecorderOptions;
  readonly #batchMax: number;
  readonly #queue: BoundedQueue<DecisionRecord>;
  readonly #bell = new Bell();
  /** Rings once: no more rows are taken, and what waits is written without delay. */
  readonly #closing = new AbortController();
  /** Rings once: the time to close is over. */
  readonly #deadline = new AbortController();
  readonly #drained: Promise<void>;
  #connection: Connection | null = null;
  #decided = 0;
  #stored = 0;
  #dropped: Record<string, number> = {};
  #lastError: string | null = null;
  #failures = 0;

  constructor(options: PostgresRecorderOptions) {
    this.#options = options;
    this.#batchMax = options.batchMax ?? BATCH_MAX;
    this.#queue = new BoundedQueue({
      maxEntries: options.queueMax ?? QUEUE_MAX,
      maxBytes: options.queueMaxBytes ?? QUEUE_MAX_BYTES,
    });
    this.#drained = this.#drain();
  }

  record(record: DecisionRecord): void {
    this.#decided += 1;
    if (this.#closing.signal.aborted) this.#countDrop("closed");
    else if (!this.#queue.push(record, recordBytes(record))) this.#countDrop("queue_full");
    else if (this.#queue.size === 1 || this.#queue.size === this.#batchMax) this.#bell.ring();
  }

  status(): RecorderStatus {
    return {
      decided: this.#decided,
      stored: this.#stored,
      waiting: this.#queue.size,
      dropped: { ...this.#dropped },
      lastError: this.#lastError,
    };
  }

  async close(deadlineMs: number): Promise<void> {
    this.#closing.abort();
    this.#bell.ring();
    const timer = setTimeout(() => {
      this.#deadline.abort();
      this.#connection?.destroy();
    }, deadlineMs);
    await this.#drained;
    await this.#connection?.close().catch(() => undefined);
    clearTimeout(timer);
  }

  /** Runs as long as the recorder does. Connects at once, so that the schema is there before the first row. */
  async #drain(): Promise<void> {
    while (!this.#isDone()) {
      try {
        const { client } = await this.#connected();
        this.#recovered();
        await this.#waitForRows();
        await this.#storeBatch(client);
      } catch (error) {
        await this.#backOff(error);
      }
    }
  }

  #isDone(): boolean {
    return this.#deadline.signal.aborted || (this.#closing.signal.aborted && this.#queue.size === 0);
  }

  async #connected(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const connection = await connect(this.#options.databaseUrl, "signalbox");
    this.#connection = connection;
    if (this.#deadline.signal.aborted) connection.destroy();
    await this.#options.prepare?.(connection.client);
    return connection;
  }

  /** A batch that is not full waits a little for more rows: a statement of one row costs as much as of fifty. */
  async #waitForRows(): Promise<void> {
    if (this.#queue.size === 0 && !this.#closing.signal.aborted) await this.#bell.heard();
    if (this.#queue.size >= this.#batchMax || this.#closing.signal.aborted) return;
    await this.#bell.heard(this.#options.lingerMs ?? LINGER_MS);
  }

  /** Rows leave the queue only once they are stored. */
  async #storeBatch(client: ClientBase): Promise<void> {
    const records = this.#queue.peek(this.#batchMax, BATCH_MAX_BYTES);
    try {
      await insertRows(client, await this.#toRows(records));
      this.#queue.drop(records.length);
      this.#stored += records.length;
    } catch (error) {
      if (dataErrorState(error) === null) throw error;
      for (const record of records) await this.#storeOne(client, record);
    }
  }

  async #storeOne(client: ClientBase, record: DecisionRecord): Promise<void> {
    try {
      await insertRows(client, [toRow(record, this.#options)]);
      this.#stored += 1;
    } catch (error) {
      const sqlState = dataErrorState(error);
      if (sqlState === null) throw error;
      this.#countDrop("poison");
      // The server's message is left out, for it quotes the row.
      this.#options.logger.warn({ event: "log_row_refused", decisionId: record.id, sqlState });
    }
    this.#queue.drop(1);
  }

  async #toRows(records: readonly DecisionRecord[]): Promise<LogRow[]> {
    const rows: LogRow[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (const record of records) {
      rows.push(toRow(record, this.#options));
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    return rows;
  }

  #recovered(): void {
    if (this.#failures > 0)
      this.#options.logger.info({ event: "log_database_back", failures: this.#failures });
    this.#failures = 0;
    this.#lastError = null;
  }

  async #backOff(error: unknown): Promise<void> {
    this.#connection?.destroy();
    this.#connection = null;
    this.#failures += 1;
    this.#lastError = describe(error);
    // Once for an outage, not once a try.
    if (this.#failures === 1)
      this.#options.logger.warn({ event: "log_database_away", error: this.#lastError });
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (this.#failures - 1));
    const signal = this.#closing.signal.aborted ? this.#deadline.signal : this.#closing.signal;
    // Half of it is random, or all sidecars would come back at the same moment.
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  #countDrop(reason: DropReason): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
