import type { Batch } from "./batch.ts";
import type { DiskBudget } from "./disk-budget.ts";
import { OpenSegment } from "./open-segment.ts";
import type { Pending } from "./pending.ts";
import { isMissing, Removals } from "./removals.ts";
import { isDue, isSpent } from "./rotation.ts";
import { recoverSegment, type Segment } from "./segment.ts";
import { SegmentReader } from "./segment-reader.ts";

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

/** A disk that refused is tried again after so long, in milliseconds. */
const RETRY_APPEND_MS = 100;
const RETRY_READ_MS = 5_000;

/**
 * Rows of one table that wait for the database, in files of lines that outlive the process. One process writes,
 * appends are synchronous: when `append` says "kept", a kill cannot lose the row.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Oldest first; the last one may be written to. */
  readonly #segments: Segment[] = [];
  readonly #reader = new SegmentReader();
  readonly #removals: Removals;
  #folder: string | null = null;
  #open: OpenSegment | null = null;
  #waiting = 0;
  #expired = 0;
  #torn = 0;
  #appendError: string | null = null;
  #syncError: string | null = null;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#removals = new Removals((bytes) => options.budget.add(-bytes));
  }

  /** Rows that are not settled. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Rows that were given up: too old, or lost by the disk. */
  get givenUp(): { readonly expired: number; readonly torn: number } {
    return { expired: this.#expired, torn: this.#torn };
  }

  /** What the disk last said, null where it works. */
  get diskError(): string | null {
    const unreadable = this.#segments.find(({ refused }) => refused !== null)?.refused;
    return this.#appendError ?? this.#syncError ?? unreadable?.error ?? this.#removals.error;
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
    this.#failedAtMs = Number.NEGATIVE_INFINITY;
    // The one before is another process's now, or gone.
    if (this.#open !== null) this.#complete(this.#open);
  }

  /**
   * Takes over a segment that another process left. A last line that is not whole is cut off and counted.
   *
   * @returns its rows, that one included; null where the file is no segment, or known already.
   * @throws {Error} where it cannot be read.
   */
  adopt(path: string): number | null {
    if (this.#segments.some((segment) => segment.path === path)) return null;
    const recovered = recoverSegment(path);
    if (recovered === null) return null;
    const { segment, torn } = recovered;
    const after = this.#segments.findIndex(({ createdMs }) => createdMs > segment.createdMs);
    this.#segments.splice(after === -1 ? this.#segments.length : after, 0, segment);
    this.#waiting += segment.rows;
    this.#options.budget.add(segment.bytes);
    if (torn) this.#torn += 1;
    this.#removeIfDone(segment);
    return segment.rows + (torn ? 1 : 0);
  }

  /** Appends one line or more, with their newlines. Never throws. */
  append(lines: Uint8Array, rows = 1): Appended {
    const { budget, now } = this.#options;
    if (!budget.hasRoomFor(lines.length)) return "full";
    const nowMs = now();
    // A clock that goes back must not keep the disk out of use.
    if (this.#folder === null || Math.abs(nowMs - this.#failedAtMs) < RETRY_APPEND_MS) return "failed";
    try {
      this.#openSegment(this.#folder, nowMs).append(lines, rows);
    } catch (error) {
      this.#diskFailed(error, nowMs);
      return "failed";
    }
    this.#appendError = null;
    this.#waiting += rows;
    budget.add(lines.length);
    return "kept";
  }

  /** The oldest rows that are not settled; null where there are none to be had now. Asked for one batch at a time. */
  async next(maxBytes: number): Promise<Pending | null> {
    for (let segment = this.#head(); segment !== undefined; segment = this.#head()) {
      const batch = await this.#read(segment, maxBytes);
      if (batch !== null) return this.#pendingOf(segment, batch);
    }
    return null;
  }

  /** Lets go of what is settled and old, so that stored texts do not stay on the disk. */
  tidy(): void {
    this.#removals.retry();
    const open = this.#open;
    if (open !== null && isSpent(open.segment, this.#options.now())) this.#complete(open);
  }

  /** Completes what is open. Rows that wait stay where they are, for the next start. */
  async close(): Promise<void> {
    this.#folder = null;
    this.#reader.close();
    const open = this.#open;
    if (open !== null) await new Promise<void>((resolve) => this.#complete(open, resolve));
    await this.#removals.settled();
  }

  #openSegment(folder: string, createdMs: number): OpenSegment {
    if (this.#open !== null && isDue(this.#open.segment, createdMs)) this.#complete(this.#open);
    if (this.#open !== null) return this.#open;
    const { table } = this.#options;
    const synced = (error: Error | null) => this.#synced(error);
    const created = new OpenSegment({ folder, table, createdMs, synced });
    this.#segments.push(created.segment);
    this.#open = created;
    return created;
  }

  /** Lets go of the open segment; one whose rows are all settled goes at once. */
  #complete(open: OpenSegment, done: () => void = () => undefined): void {
    this.#open = null;
    open.complete((error) => {
      if (error !== null) this.#synced(error);
      done();
    });
    this.#removeIfDone(open.segment);
  }

  #diskFailed(error: unknown, nowMs: number): void {
    this.#appendError = messageOf(error);
    this.#failedAtMs = nowMs;
    // Its end may hold half a line: what is good of it is read, and nothing more is written behind that.
    if (this.#open !== null) this.#complete(this.#open);
  }

  #synced(error: Error | null): void {
    this.#syncError = error === null ? null : error.message;
  }

  /** The oldest segment with rows that can be had now; those that are too old are given up on the way. */
  #head(): Segment | undefined {
    const nowMs = this.#options.now();
    for (const segment of this.#tooOld(nowMs)) this.#expired += this.#giveUp(segment);
    return this.#segments.find(({ rows, settledRows, refused }) => {
      const isRefused = refused !== null && Math.abs(nowMs - refused.atMs) < RETRY_READ_MS;
      return settledRows < rows && !isRefused;
    });
  }

  #tooOld(nowMs: number): Segment[] {
    const oldestMs = nowMs - this.#options.maxAgeMs;
    const end = this.#segments.findIndex(
      (segment) => segment.createdMs >= oldestMs || segment === this.#open?.segment,
    );
    return this.#segments.slice(0, end === -1 ? undefined : end);
  }

  /** null where the segment has nothing for now: it is given up, or left alone for a while. */
  async #read(segment: Segment, maxBytes: number): Promise<Batch | null> {
    try {
      const batch = await this.#reader.read(segment, maxBytes);
      segment.refused = null;
      // The disk has fewer rows than were written: after a loss of power, for one.
      if (batch === null) this.#torn += this.#giveUp(segment);
      return batch;
    } catch (error) {
      if (isMissing(error)) {
        this.#torn += this.#giveUp(segment);
        return null;
      }
      segment.refused = { error: messageOf(error), atMs: this.#options.now() };
      return null;
    }
  }

  #pendingOf(segment: Segment, batch: Batch): Pending {
    let settled = 0;
    const settle = (rows: number) => {
      segment.settledBytes += batch.bytes(settled, settled + rows);
      // Somebody may have added lines to a complete file, whose name tells fewer.
      this.#waiting -= Math.min(rows, segment.rows - segment.settledRows);
      segment.settledRows = Math.min(segment.rows, segment.settledRows + rows);
      settled += rows;
      this.#removeIfDone(segment);
    };
    return { batch, settle, release: () => undefined };
  }

  /** @returns its rows that were not settled. */
  #giveUp(segment: Segment): number {
    if (segment === this.#open?.segment) this.#complete(this.#open);
    const rest = segment.rows - segment.settledRows;
    segment.settledRows = segment.rows;
    this.#waiting -= rest;
    this.#removeIfDone(segment);
    return rest;
  }

  /** A segment that is written to stays until it is complete, or idle for its age. */
  #removeIfDone(segment: Segment): void {
    if (segment.settledRows < segment.rows || segment === this.#open?.segment) return;
    const index = this.#segments.indexOf(segment);
    if (index === -1) return;
    this.#segments.splice(index, 1);
    this.#reader.release(segment);
    this.#removals.remove(segment.path, segment.bytes);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
