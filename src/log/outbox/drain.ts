import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import type { Logger } from "pino";
import { Bell } from "../bell.ts";
import type { Connection } from "../connection.ts";
import { dataErrorState } from "../database-error.ts";
import type { Batch } from "./batch.ts";
import type { Pending } from "./outbox.ts";
import { quarantine } from "./quarantine.ts";
import type { TableLog } from "./table-log.ts";

export interface DrainOptions {
  /** Name of the prepared statement, and of what is logged. */
  readonly name: string;
  readonly rows: TableLog;
  /** Stores a JSON array of rows, its only parameter; those that are there already are left alone. */
  readonly statement: string;
  /** A connection to a database whose schema is up to date. */
  readonly connect: () => Promise<Connection>;
  /** File for rows that the database refuses. */
  readonly quarantinePath: string;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Rows of one statement in bytes: larger ones hold up the event loop, smaller ones cost a commit each. */
const BATCH_BYTES = 512 * 2 ** 10;
/** How long a first row waits for others, in milliseconds: a commit for one costs as much as for fifty. */
const LINGER_MS = 20;
/** How often an idle drain looks after its segments, in milliseconds. */
const IDLE_MS = 1_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 15_000;

/**
 * Moves the rows of one table from the outbox into the database, as long as the process lives. Connects at once,
 * so that the schema is there before the first row.
 */
export class Drain {
  readonly #options: DrainOptions;
  readonly #bell = new Bell();
  /** Rings once: what waits is written without delay, and no more is waited for. */
  readonly #closing = new AbortController();
  /** Rings once: the time to close is over. */
  readonly #deadline = new AbortController();
  readonly #done: Promise<void>;
  #connection: Connection | null = null;
  #lastError: string | null = null;
  #failures = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** What the database last said, null where it works. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Tells that there are rows. */
  ring(): void {
    this.#bell.ring();
  }

  /** Stores what waits, for at most `deadlineMs`, and lets go of the database. */
  async close(deadlineMs: number): Promise<void> {
    this.#closing.abort();
    this.#bell.ring();
    const timer = setTimeout(() => {
      this.#deadline.abort();
      this.#connection?.destroy();
    }, deadlineMs);
    await this.#done;
    await this.#connection?.close().catch(() => undefined);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#isDone()) {
      try {
        const { client } = await this.#connected();
        this.#recovered();
        await this.#waitForRows();
        const pending = await this.#options.rows.next(BATCH_BYTES);
        if (pending !== null) await this.#store(client, pending);
      } catch (error) {
        await this.#backOff(error);
      }
    }
  }

  #isDone(): boolean {
    const { aborted } = this.#closing.signal;
    return this.#deadline.signal.aborted || (aborted && this.#options.rows.waiting === 0);
  }

  async #waitForRows(): Promise<void> {
    const { rows } = this.#options;
    if (rows.waiting > 0 || this.#closing.signal.aborted) return;
    rows.outbox.tidy();
    await this.#bell.heard(IDLE_MS);
    if (rows.waiting > 0 && !this.#closing.signal.aborted) await this.#bell.heard(LINGER_MS);
  }

  async #connected(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const connection = await this.#options.connect();
    this.#connection = connection;
    if (this.#deadline.signal.aborted) connection.destroy();
    return connection;
  }

  async #store(client: ClientBase, { batch, settle }: Pending): Promise<void> {
    await this.#storeRange(client, { batch, settle, start: 0, end: batch.rows });
  }

  /** Rows are settled in order, so that what is stored of a batch is not sent again when the rest fails. */
  async #storeRange(client: ClientBase, range: Range): Promise<void> {
    const { batch, settle, start, end } = range;
    try {
      await this.#insert(client, batch.json(start, end));
      this.#options.rows.countStored(end - start);
      settle(end - start);
    } catch (error) {
      const sqlState = dataErrorState(error);
      if (sqlState === null) throw error;
      if (end - start === 1) {
        this.#setAside(batch.line(start), sqlState, error);
        settle(1);
        return;
      }
      const middle = start + Math.ceil((end - start) / 2);
      await this.#storeRange(client, { ...range, end: middle });
      await this.#storeRange(client, { ...range, start: middle });
    }
  }

  async #insert(client: ClientBase, json: Buffer): Promise<void> {
    const { name, statement } = this.#options;
    await client.query({ name: `signalbox_${name}`, text: statement, values: [json] });
  }

  #setAside(line: string, sqlState: string, error: unknown): void {
    const { name, rows, quarantinePath, logger } = this.#options;
    quarantine(quarantinePath, { sqlState, error: describe(error), line });
    rows.countPoison();
    // The server's message quotes the row: it is in the file, not in the log.
    logger.warn({ event: "log_row_refused", table: name, sqlState, file: quarantinePath });
  }

  #recovered(): void {
    const { name, logger } = this.#options;
    if (this.#failures > 0)
      logger.info({ event: "log_database_back", table: name, failures: this.#failures });
    this.#failures = 0;
    this.#lastError = null;
  }

  async #backOff(error: unknown): Promise<void> {
    this.#connection?.destroy();
    this.#connection = null;
    this.#failures += 1;
    this.#lastError = describe(error);
    const { name, logger } = this.#options;
    // Once for an outage, not once a try.
    if (this.#failures === 1)
      logger.warn({ event: "log_database_away", table: name, error: this.#lastError });
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 10));
    const signal = this.#closing.signal.aborted ? this.#deadline.signal : this.#closing.signal;
    // Half of it is random, or all sidecars would come back at the same moment.
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

/** Rows of a batch from `start` to before `end`. */
interface Range {
  readonly batch: Batch;
  readonly settle: (rows: number) => void;
  readonly start: number;
  readonly end: number;
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
