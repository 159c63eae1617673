import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { DecisionRecord } from "../decide/decision.ts";
import { BoundedQueue } from "./queue.ts";
import type { Recorder, RecorderStatus } from "./recorder.ts";
import type { FromThread, ThreadSettings, ToThread } from "./thread-messages.ts";

export interface ThreadedRecorderOptions extends ThreadSettings {
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Most rows that wait; 50,000 by default. */
  readonly queueMax?: number;
  /** Most memory of rows that wait, about, in bytes; 64 MiB by default. */
  readonly queueMaxBytes?: number;
}

const QUEUE_MAX = 50_000;
const QUEUE_MAX_BYTES = 64 * 2 ** 20;
/** V8 stores a string with one character beyond Latin-1 in two bytes a unit. */
const BYTES_PER_UNIT = 2;
/** How long a decision waits for others before all go to the thread, in milliseconds. */
const LINGER_MS = 5;
/** What the thread holds at a time: enough for its batches; the rest waits here, where it is one string a row. */
const WINDOW_ROWS = 512;
const WINDOW_BYTES = 8 * 2 ** 20;
/** Pause before a thread that died is replaced, in milliseconds. */
const RESTART_MS = 1_000;
/** What the thread gets beyond the deadline of a close, to say how it went, in milliseconds. */
const GRACE_MS = 250;
/** Of the thread's heap: what waits is bounded far below, young objects die soon. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 };

const NOTHING: RecorderStatus = { decided: 0, stored: 0, waiting: 0, dropped: {}, lastError: null };

/**
 * Opens a recorder whose rows are made and written by a thread of its own. What waits there is bounded here;
 * what a thread held that died is counted as dropped, and another one takes over.
 */
export function createThreadedRecorder(options: ThreadedRecorderOptions): Recorder {
  return new ThreadedRecorder(options);
}

/** Rows of one message that are not settled yet. */
interface Sent {
  /** Rows sent to this thread up to and with this message. */
  readonly upTo: number;
  readonly bytes: number;
}

class ThreadedRecorder implements Recorder {
  readonly #options: ThreadedRecorderOptions;
  /** null while one that died is not replaced yet: rows wait here then. */
  #worker: Worker | null = null;
  readonly #queue: BoundedQueue<string>;
  #timer: NodeJS.Timeout | undefined;
  #decided = 0;
  /** Figures of threads that are gone. */
  #stored = 0;
  #dropped: Record<string, number> = {};
  /** Of the thread that runs now. */
  #sent = 0;
  #unsettled: Sent[] = [];
  #unsettledBytes = 0;
  #latest = NOTHING;
  #closing = false;
  #closed: (() => void) | null = null;

  constructor(options: ThreadedRecorderOptions) {
    this.#options = options;
    const { queueMax = QUEUE_MAX, queueMaxBytes = QUEUE_MAX_BYTES } = options;
    this.#queue = new BoundedQueue({ maxEntries: queueMax, maxBytes: queueMaxBytes });
    this.#startThread();
  }

  record(record: DecisionRecord): void {
    this.#decided += 1;
    const text = JSON.stringify(record);
    if (this.#closing) this.#drop("closed", 1);
    else if (!this.#queue.push(text, text.length * BYTES_PER_UNIT)) this.#drop("queue_full", 1);
    else this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
  }

  status(): RecorderStatus {
    const stored = this.#stored + this.#latest.stored;
    const dropped = { ...this.#dropped };
    for (const [reason, count] of Object.entries(this.#latest.dropped)) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
    }
    const gone = Object.values(dropped).reduce((sum, count) => sum + count, stored);
    const { lastError } = this.#latest;
    return { decided: this.#decided, stored, waiting: this.#decided - gone, dropped, lastError };
  }

  async close(deadlineMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#handOver(this.#queue.size, Number.POSITIVE_INFINITY);
    if (this.#worker === null) return;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    this.#post({ kind: "close", deadlineMs });
    const timer = setTimeout(() => this.#closed?.(), deadlineMs + GRACE_MS);
    await closed;
    clearTimeout(timer);
    await this.#worker?.terminate();
  }

  /** Hands over what fits into the window; the next figures of the thread make room for more. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = WINDOW_ROWS - this.#sent + settledOf(this.#latest);
    this.#handOver(rows, WINDOW_BYTES - this.#unsettledBytes);
  }

  #handOver(maxRows: number, maxBytes: number): void {
    if (this.#worker === null || this.#queue.size === 0 || maxRows <= 0 || maxBytes <= 0) return;
    const records = this.#queue.peek(maxRows, maxBytes);
    const bytes = records.reduce((sum, text) => sum + text.length * BYTES_PER_UNIT, 0);
    this.#queue.drop(records.length);
    this.#sent += records.length;
    this.#unsettled.push({ upTo: this.#sent, bytes });
    this.#unsettledBytes += bytes;
    this.#post({ kind: "records", records });
  }

  #post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #startThread(): void {
    const { databaseUrl, storeText, hashKey, listedNames, logger } = this.#options;
    const workerData: ThreadSettings = { databaseUrl, storeText, hashKey, listedNames };
    const entry = new URL("./log-thread.ts", import.meta.url);
    const worker = new Worker(entry, { workerData, resourceLimits: RESOURCE_LIMITS });
    worker.on("message", (message: FromThread) => this.#hear(message));
    worker.on("error", (error) => logger.error({ event: "log_thread_failed", err: error }));
    worker.on("exit", () => this.#replaceThread());
    this.#worker = worker;
    this.#flush();
  }

  #hear(message: FromThread): void {
    if (message.kind === "log") {
      this.#options.logger[message.level](message.fields);
      return;
    }
    this.#latest = message.status;
    this.#settle();
    if (message.kind === "closed") this.#closed?.();
    else this.#flush();
  }

  /** Lets go of the bytes of messages whose rows are all stored or dropped: rows are settled in order. */
  #settle(): void {
    const settled = settledOf(this.#latest);
    const open = this.#unsettled.findIndex(({ upTo }) => upTo > settled);
    const done = this.#unsettled.splice(0, open === -1 ? this.#unsettled.length : open);
    for (const { bytes } of done) this.#unsettledBytes -= bytes;
  }

  #replaceThread(): void {
    this.#worker = null;
    if (this.#closing) {
      this.#closed?.();
      return;
    }
    const { stored, dropped } = this.#latest;
    const lost = this.#sent - settledOf(this.#latest);
    this.#stored += stored;
    for (const [reason, count] of Object.entries(dropped)) this.#drop(reason, count);
    this.#drop("thread_died", lost);
    this.#latest = { ...NOTHING, lastError: "the log's thread died and is started again" };
    this.#sent = 0;
    this.#unsettled = [];
    this.#unsettledBytes = 0;
    setTimeout(() => {
      if (!this.#closing) this.#startThread();
    }, RESTART_MS).unref();
  }

  #drop(reason: string, count: number): void {
    if (count > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }
}

/** Rows that a thread has stored or given up. */
function settledOf({ stored, dropped }: RecorderStatus): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, stored);
}
