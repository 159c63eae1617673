import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import type { Logger } from "pino";
import type { Connection } from "../connection.ts";
import { findRowsToEmbed, type MadeEmbedding, type RowToEmbed, storeEmbeddings } from "./embedding-rows.ts";
import { blame, type Embed } from "./ollama-embedder.ts";

export interface EmbeddingFillerOptions {
  /** The connection is given up, or cut, when the signal says so. */
  readonly connect: (signal: AbortSignal) => Promise<Connection>;
  readonly embed: Embed;
  /** Name of the model, stored beside each embedding. */
  readonly model: string;
  /** Characters of a text that are embedded. */
  readonly maxChars: number;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Wait between two looks for new rows, in milliseconds; 2,000 by default. */
  readonly idleMs?: number;
}

/** Figures since the process started. */
export interface EmbeddingStatus {
  readonly embedded: number;
  /** Texts that the model did not take. */
  readonly refused: number;
  /** Why none are made now, null where they are. */
  readonly lastError: string | null;
  /** The database cannot be reached, which those who write rows say too. */
  readonly isAway: boolean;
}

/** Rows of one request to the model. */
const BATCH_ROWS = 16;
const IDLE_MS = 2_000;
/** Rows older than this are left without, in milliseconds: the best effort ends there. */
const MAX_AGE_MS = 3_600_000;
/** A row that reaches the database later than this after a younger one that is done is left without, in milliseconds. */
const LATE_MS = 120_000;
/** How long another process that makes the embeddings is left alone, in milliseconds. */
const BUSY_MS = 30_000;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;

const LOCK = "SELECT pg_try_advisory_lock(hashtextextended('signalbox embeddings', 0)) AS got";

/**
 * Fills in embeddings of rows that are stored, one batch at a time, as long as the process lives. Of several
 * sidecars on one database one does it. The model or the database may be away: rows of the last hour are then
 * made up for.
 */
export class EmbeddingFiller {
  readonly #options: EmbeddingFillerOptions;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #connection: Connection | null = null;
  #hasLock = false;
  /** Time of the newest row that is done. */
  #doneUpToMs = 0;
  #embedded = 0;
  #refused = 0;
  #failures = 0;
  #lastError: string | null = null;
  #isAway = false;

  constructor(options: EmbeddingFillerOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  status(): EmbeddingStatus {
    return {
      embedded: this.#embedded,
      refused: this.#refused,
      lastError: this.#lastError,
      isAway: this.#isAway,
    };
  }

  /** Lets go of the database at once; what is under way is not waited for. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#connection?.destroy();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const { client } = await this.#connected();
        await this.#pause(await this.#fillOnce(client));
        this.#failures = 0;
        this.#lastError = null;
        this.#isAway = false;
      } catch (error) {
        await this.#backOff(error);
      }
    }
    this.#connection?.destroy();
  }

  /** @returns how long to wait before the next look, in milliseconds. */
  async #fillOnce(client: ClientBase): Promise<number> {
    if (!(await this.#isOurs(client))) return BUSY_MS;
    const { maxChars, model, idleMs = IDLE_MS } = this.#options;
    const since = new Date(Math.max(Date.now() - MAX_AGE_MS, this.#doneUpToMs - LATE_MS));
    const rows = await findRowsToEmbed(client, { since, maxChars, limit: BATCH_ROWS });
    if (rows.length === 0) {
      this.#doneUpToMs = Date.now();
      return idleMs;
    }
    const made = await this.#embed(rows);
    await storeEmbeddings(client, made, model);
    const refused = made.filter(({ vector }) => vector === null).length;
    this.#refused += refused;
    this.#embedded += made.length - refused;
    return 0;
  }

  async #embed(rows: readonly RowToEmbed[]): Promise<MadeEmbedding[]> {
    try {
      const vectors = await this.#options.embed(rows.map(({ text }) => text));
      return rows.map(({ id }, index) => ({ id, vector: vectors[index] ?? null }));
    } catch (error) {
      const fault = blame(error);
      const [only] = rows;
      if (fault === "service" || only === undefined) throw error;
      if (rows.length > 1) return this.#embedSingly(rows);
      if (fault === "unclear") throw error;
      return [{ id: only.id, vector: null }];
    }
  }

  /** @throws where no text is taken and the fault need not be theirs: the model may be back for the same ones later. */
  async #embedSingly(rows: readonly RowToEmbed[]): Promise<MadeEmbedding[]> {
    const made: MadeEmbedding[] = [];
    const unclear: unknown[] = [];
    for (const row of rows) {
      try {
        made.push(...(await this.#embed([row])));
      } catch (error) {
        if (blame(error) !== "unclear") throw error;
        unclear.push(error);
        made.push({ id: row.id, vector: null });
      }
    }
    if (unclear.length > 0 && made.every(({ vector }) => vector === null)) throw unclear[0];
    return made;
  }

  async #isOurs(client: ClientBase): Promise<boolean> {
    if (this.#hasLock) return true;
    const { rows } = await client.query<{ got: boolean }>(LOCK);
    this.#hasLock = rows[0]?.got === true;
    return this.#hasLock;
  }

  async #connected(): Promise<Connection> {
    this.#connection ??= await this.#options.connect(this.#closing.signal);
    return this.#connection;
  }

  async #backOff(error: unknown): Promise<void> {
    this.#isAway = this.#connection === null;
    this.#connection?.destroy();
    this.#connection = null;
    this.#hasLock = false;
    if (this.#closing.signal.aborted) return;
    this.#failures += 1;
    this.#lastError = describe(error);
    if (this.#failures === 1)
      this.#options.logger.warn({ event: "embeddings_paused", error: this.#lastError });
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 6));
    await this.#pause(longest * (0.5 + Math.random() / 2));
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** fetch() says that it failed, and why in what caused it: of several addresses by a code alone. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (!(cause instanceof Error)) return message;
  const code = "code" in cause ? String(cause.code) : cause.name;
  return `${message}: ${cause.message || code}`;
}
