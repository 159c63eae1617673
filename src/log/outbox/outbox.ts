import { closeSync, openSync, rmSync } from "node:fs";
import { type Batch, readBatch } from "./batch.ts";
import type { DiskBudget } from "./disk-budget.ts";
import { OpenSegment, recoverSegment, type Segment } from "./segment.ts";

export interface OutboxOptions {
  /** Table that the rows are for; segments have its name. */
  readonly table: string;
  readonly budget: DiskBudget;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Segments older than this are given up, in milliseconds: their rows would be dropped by retention. */
  readonly maxAgeMs: number;
}

/** What became of a line: on the disk, or why not. */
export type Appended = "kept" | "full" | "failed";

/** Lines of one segment that are to be stored. */
export interface Pending {
  readonly batch: Batch;
  /** Tells that the next rows of the batch are stored, or given up and counted. */
  readonly settle: (rows: number) => void;
}

/** A segment is complete after so many bytes or milliseconds, and can go when its rows are stored. */
const SEGMENT_MAX_BYTES = 16 * 2 ** 20;
const SEGMENT_MAX_AGE_MS = 1_000;
/** A loss of power costs at most what was appended for so long, in milliseconds. */
const SYNC_EVERY_MS = 100;
/** A disk that refused is tried again after so long, in milliseconds. */
const RETRY_DISK_MS = 100;

/**
 * Rows of one table that wait for the database, in files of lines that outlive the process. One process writes,
 * appends are synchronous: when `append` says "kept", a kill cannot lose the row.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Oldest first; the last one may be written to. */
  readonly #segments: Segment[] = [];
  #folder: string | null = null;
  #open: OpenSegment | null = null;
  #reading: { readonly segment: Segment; readonly fd: number } | null = null;
  #syncTimer: NodeJS.Timeout | undefined;
  #waiting = 0;
  #expired = 0;
  #torn = 0;
  #diskError: string | null = null;
  #retryAtMs = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Rows that are not settled. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Rows that were given up: too old, or lost by the disk after a loss of power. */
  get givenUp(): { readonly expired: number; readonly torn: number } {
    return { expired: this.#expired, torn: this.#torn };
  }

  /** What the disk last said, null where it works. */
  get diskError(): string | null {
    return this.#diskError;
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** When the oldest row that waits was appended, about; null where none waits. */
  get oldestMs(): number | null {
    return this.#waiting === 0 ? null : (this.#segments[0]?.createdMs ?? null);
  }

  /** Begins to write into a folder, which no other process writes to. */
  useFolder(folder: string): void {
    this.#folder = folder;
    this.#retryAtMs = 0;
  }

  /**
   * Takes over a segment that another process left.
   *
   * @returns its rows; null where the file is no segment.
   * @throws {Error} where it cannot be read.
   */
  adopt(path: string): number | null {
    const recovered = recoverSegment(path);
    if (recovered === null) return null;
    const { segment } = recovered;
    const after = this.#segments.findIndex(({ createdMs }) => createdMs > segment.createdMs);
    this.#segments.splice(after === -1 ? this.#segments.length : after, 0, segment);
    this.#waiting += segment.rows;
    this.#options.budget.add(segment.bytes);
    return segment.rows;
  }

  /** Appends one line or more, with their newlines. Never throws. */
  append(lines: Uint8Array, rows = 1): Appended {
    const { budget, now } = this.#options;
    if (!budget.hasRoomFor(lines.length)) return "full";
    const nowMs = now();
    if (this.#folder === null || nowMs < this.#retryAtMs) return "failed";
    try {
      const target = this.#openSegment(this.#folder, nowMs);
      target.append(lines, rows);
    } catch (error) {
      this.#diskFailed(error, nowMs);
      return "failed";
    }
    this.#diskError = null;
    this.#waiting += rows;
    budget.add(lines.length);
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_EVERY_MS);
    return "kept";
  }

  /** The oldest rows that are not settled; null where there are none. Asked for one batch at a time. */
  async next(maxBytes: number): Promise<Pending | null> {
    for (let segment = this.#head(); segment !== undefined; segment = this.#head()) {
      const pending = await this.#read(segment, maxBytes);
      if (pending !== null) return pending;
      if (segment === this.#open?.segment) return null;
      this.#giveUpRest(segment);
    }
    return null;
  }

  /** Lets go of an open segment that is settled and old, so that stored texts do not stay on the disk. */
  tidy(): void {
    const open = this.#open;
    if (open === null || open.segment.settledRows < open.segment.rows) return;
    if (Math.abs(this.#options.now() - open.segment.createdMs) >= SEGMENT_MAX_AGE_MS) this.#complete(open);
  }

  /** Completes what is open. Rows that wait stay where they are, for the next start. */
  async close(): Promise<void> {
    this.#folder = null;
    clearTimeout(this.#syncTimer);
    this.#stopReading();
    const open = this.#open;
    if (open !== null) await new Promise<void>((resolve) => this.#complete(open, () => resolve()));
  }

  #openSegment(folder: string, nowMs: number): OpenSegment {
    const open = this.#open;
    if (open !== null) {
      const { bytes, createdMs } = open.segment;
      // A clock that goes back must not keep a segment open.
      const isYoung = Math.abs(nowMs - createdMs) < SEGMENT_MAX_AGE_MS;
      if (isYoung && bytes < SEGMENT_MAX_BYTES) return open;
      this.#complete(open);
    }
    const created = new OpenSegment(folder, this.#options.table, nowMs);
    this.#segments.push(created.segment);
    this.#open = created;
    return created;
  }

  /** Lets go of the open segment; one whose rows are all settled goes at once. */
  #complete(open: OpenSegment, done: () => void = () => undefined): void {
    this.#open = null;
    open.complete((error) => {
      this.#synced(error);
      done();
    });
    if (open.segment.settledRows === open.segment.rows) this.#remove(open.segment);
  }

  #diskFailed(error: unknown, nowMs: number): void {
    this.#diskError = error instanceof Error ? error.message : String(error);
    this.#retryAtMs = nowMs + RETRY_DISK_MS;
    const open = this.#open;
    if (open === null) return;
    // Its end may hold half a line: what is good of it is read, and nothing more is written behind that.
    this.#complete(open);
  }

  #sync(): void {
    this.#syncTimer = undefined;
    this.#open?.sync((error) => this.#synced(error));
  }

  #synced(error: Error | null): void {
    if (error !== null) this.#diskError = error.message;
  }

  /** The oldest segment, without those that are done or too old. */
  #head(): Segment | undefined {
    const oldestMs = this.#options.now() - this.#options.maxAgeMs;
    for (let segment = this.#segments[0]; segment !== undefined; segment = this.#segments[0]) {
      const isOpen = segment === this.#open?.segment;
      if (isOpen) return segment;
      if (segment.createdMs < oldestMs) this.#expired += this.#settleAll(segment);
      else if (segment.settledRows < segment.rows) return segment;
      else this.#remove(segment);
    }
    return undefined;
  }

  async #read(segment: Segment, maxBytes: number): Promise<Pending | null> {
    const offset = segment.settledBytes;
    const batch = await readBatch(this.#fdOf(segment), { offset, end: segment.bytes, maxBytes });
    if (batch === null) return null;
    let settled = 0;
    const settle = (rows: number) => {
      segment.settledBytes += batch.bytes(settled, settled + rows);
      segment.settledRows += rows;
      settled += rows;
      this.#waiting -= rows;
      this.#removeIfDone(segment);
    };
    return { batch, settle };
  }

  #fdOf(segment: Segment): number {
    if (this.#reading?.segment === segment) return this.#reading.fd;
    this.#stopReading();
    const fd = openSync(segment.path, "r");
    this.#reading = { segment, fd };
    return fd;
  }

  #stopReading(): void {
    if (this.#reading !== null) closeSync(this.#reading.fd);
    this.#reading = null;
  }

  /** The disk has fewer rows than were written: after a loss of power, for one. */
  #giveUpRest(segment: Segment): void {
    this.#torn += this.#settleAll(segment);
  }

  #settleAll(segment: Segment): number {
    const rest = segment.rows - segment.settledRows;
    segment.settledRows = segment.rows;
    this.#waiting -= rest;
    this.#remove(segment);
    return rest;
  }

  /** A segment that is written to stays until it is complete, or idle for its age. */
  #removeIfDone(segment: Segment): void {
    if (segment.settledRows < segment.rows) return;
    if (segment !== this.#open?.segment) this.#remove(segment);
  }

  #remove(segment: Segment): void {
    const index = this.#segments.indexOf(segment);
    if (index === -1) return;
    this.#segments.splice(index, 1);
    this.#options.budget.add(-segment.bytes);
    if (this.#reading?.segment === segment) this.#stopReading();
    rmSync(segment.path, { force: true });
  }
}
