import { setTimeout as sleep } from "node:timers/promises";
import { type ClientBase, DatabaseError } from "pg";
import type { Logger } from "pino";
import { Bell } from "../bell.ts";
import type { Connection } from "../connection.ts";
import { copyIn } from "../copy-in.ts";
import { dataErrorState, isOfServerState } from "../database-error.ts";
import type { Batch } from "./batch.ts";
import { type CopyRows, UnusualRowError } from "./copy-rows.ts";
import type { Outage } from "./outage.ts";
import { quarantine } from "./quarantine.ts";
import type { TableLog } from "./table-log.ts";

export interface DrainOptions {
  /** Name of the prepared statement, and of what is logged. */
  readonly name: string;
  readonly rows: TableLog;
  /** Stores a JSON array of rows, its only parameter; those that are there already are left alone. */
  readonly statement: string;
  /** The quick way, for rows that are usual and new, as most are; what it does not take goes by the statement. */
  readonly copy: CopyRows | null;
  /** A connection to a database whose schema is up to date. It is given up, or cut, when the signal says so. */
  readonly connect: (signal: AbortSignal) => Promise<Connection>;
  /** File for rows that the database refuses. */
  readonly quarantinePath: string;
  /** Shared by those who write to the same database. */
  readonly outage: Outage;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Rows of one statement in bytes: larger ones hold up the event loop, smaller ones cost a commit each. */
const BATCH_BYTES = 256 * 2 ** 10;
/** Of one COPY, which is made a part at a time: its server waits for us and for its disk, longer than it works where cores are few. */
const COPY_BYTES = 2 * 2 ** 20;
/** Batches shrink to this while statements fail, as a slow server may still store a few rows, and grow again by it. */
const MIN_BATCH_BYTES = 16 * 2 ** 10;
/** Rows wait so long for others where there is no backlog, in milliseconds: a commit for one costs as much as for fifty. */
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
  readonly #mostBytes: number;
  #batchBytes: number;
  /** Whether more rows wait than one statement takes. */
  #isBehind = false;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#mostBytes = options.copy === null ? BATCH_BYTES : COPY_BYTES;
    this.#batchBytes = this.#mostBytes;
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
    const timer = setTimeout(() => this.#deadline.abort(), deadlineMs);
    await this.#done;
    await this.#connection?.close().catch(() => undefined);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#isDone()) {
      this.#options.rows.tidy();
      try {
        const { client } = await this.#connected();
        this.#recovered();
        await this.#waitForRows();
        await this.#storeNext(client);
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
    if (this.#closing.signal.aborted) return;
    if (rows.waiting === 0) await this.#bell.heard(IDLE_MS);
    if (rows.waiting > 0 && !this.#isBehind) await this.#pause(LINGER_MS);
  }

  async #connected(): Promise<Connection> {
    // One that broke while no row came: people are told before the next one does.
    if (this.#connection?.isCut() === true) this.#connection = null;
    this.#connection ??= await this.#options.connect(this.#deadline.signal);
    return this.#connection;
  }

  async #storeNext(client: ClientBase): Promise<void> {
    const { rows } = this.#options;
    const pending = await rows.next(this.#batchBytes);
    if (pending === null) {
      // The disk does not give them now.
      if (rows.waiting > 0) await this.#pause(IDLE_MS);
      return;
    }
    const { batch, settle, release } = pending;
    try {
      this.#isBehind = batch.bytes(0, batch.rows) > this.#batchBytes / 2;
      if (await this.#copied(client, batch)) this.#settle(batch.rows, settle);
      else await this.#insertAll(client, batch, settle);
      this.#batchBytes = Math.min(this.#mostBytes, this.#batchBytes + MIN_BATCH_BYTES);
    } catch (error) {
      this.#batchBytes = Math.max(MIN_BATCH_BYTES, this.#batchBytes / 2);
      throw error;
    } finally {
      release();
    }
  }

  /** Ends early where the log is closing. */
  async #pause(ms: number): Promise<void> {
    const signal = this.#closing.signal.aborted ? this.#deadline.signal : this.#closing.signal;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  /** A statement at a time, as one is written at once. */
  async #insertAll(client: ClientBase, batch: Batch, settle: Range["settle"]): Promise<void> {
    for (let start = 0; start < batch.rows; ) {
      const end = batch.endOfPart(start, BATCH_BYTES);
      await this.#storeRange(client, { batch, settle, start, end });
      start = end;
    }
  }

  /** Rows are settled in order, so that what is stored of a batch is not sent again when the rest fails. */
  async #storeRange(client: ClientBase, range: Range): Promise<void> {
    const { batch, settle, start, end } = range;
    try {
      await this.#insert(client, batch.json(start, end));
      this.#settle(end - start, settle);
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

  /** @returns false where a row is unusual, or the server refuses it: one is there already, or bad, or COPY is not for us. */
  async #copied(client: ClientBase, batch: Batch): Promise<boolean> {
    const { copy } = this.#options;
    if (copy === null) return false;
    try {
      await copyIn(client, copy.statement, copy.parts(batch));
      return true;
    } catch (error) {
      if (error instanceof UnusualRowError) return false;
      // What else a server, or a pooler before it, may say of COPY is not for us to know.
      if (error instanceof DatabaseError && !isOfServerState(error)) return false;
      throw error;
    }
  }

  #settle(rows: number, settle: (rows: number) => void): void {
    this.#options.rows.countStored(rows);
    settle(rows);
  }

  async #insert(client: ClientBase, json: Buffer): Promise<void> {
    const { name, statement } = this.#options;
    await client.query({ name: `signalbox_${name}`, text: statement, values: [json] });
  }

  /** A row that cannot even be set aside, as the disk is full, must not keep the others from being stored. */
  #setAside(line: string, sqlState: string, error: unknown): void {
    const { name, rows, quarantinePath, logger } = this.#options;
    rows.countPoison();
    // The server's message quotes the row: it is in the file, not in the log.
    const event = { event: "log_row_refused", table: name, sqlState, file: quarantinePath };
    try {
      quarantine(quarantinePath, { sqlState, error: describe(error), line });
      logger.warn(event);
    } catch (refused) {
      logger.warn({ ...event, event: "log_row_lost", error: describe(refused) });
    }
  }

  #recovered(): void {
    this.#options.outage.end(this.#options.name);
    this.#failures = 0;
    this.#lastError = null;
  }

  async #backOff(error: unknown): Promise<void> {
    this.#connection?.destroy();
    this.#connection = null;
    this.#failures += 1;
    this.#lastError = describe(error);
    // Once for an outage, not once a try, nor where this process itself gave up, as it does where its port is taken.
    if (this.#failures === 1 && !this.#deadline.signal.aborted)
      this.#options.outage.begin(this.#options.name, this.#lastError);
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 10));
    // Half of it is random, or all sidecars would come back at the same moment.
    await this.#pause(longest * (0.5 + Math.random() / 2));
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
