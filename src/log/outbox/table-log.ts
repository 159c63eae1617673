import { BoundedQueue } from "../queue.ts";
import { batchOf } from "./batch.ts";
import type { Outbox } from "./outbox.ts";
import type { Pending } from "./pending.ts";

/** Figures of the rows of one table. Always: `accepted = stored + waiting + sum of dropped`. */
export interface TableFlow {
  /** Rows handed in since the start, and those that an earlier process left in the outbox. */
  readonly accepted: number;
  /** Rows that are in the database. */
  readonly stored: number;
  /** Rows that wait for the database. */
  readonly waiting: number;
  /** Rows given up, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/**
 * Why a row was given up: the outbox is full; the disk refuses and memory is full too; the row is too large;
 * the database refuses the row; it is older than the log keeps; the disk lost it; the process ended with the
 * row in memory; or it could not be written as a row.
 */
export type DropReason =
  | "outbox_full"
  | "disk"
  | "too_large"
  | "poison"
  | "expired"
  | "torn"
  | "closed"
  | "unwritable";

/** Longest line in bytes. Texts are cut far below. */
const MAX_LINE_BYTES = 2 ** 20;
/** Memory for rows that the disk refuses, and for nothing else. */
const OVERFLOW_MAX_ROWS = 20_000;
const OVERFLOW_MAX_BYTES = 16 * 2 ** 20;
/** What of it is written to the disk at a time, once that works again. */
const MOVE_BYTES = 256 * 2 ** 10;

const NEWLINE = 0x0a;
const scratch = Buffer.allocUnsafe(MAX_LINE_BYTES);

/** The way of one table's rows: into the outbox, or into memory while the disk refuses, and out to the database. */
export class TableLog {
  readonly outbox: Outbox;
  readonly #overflow = new BoundedQueue<Uint8Array>({
    maxEntries: OVERFLOW_MAX_ROWS,
    maxBytes: OVERFLOW_MAX_BYTES,
  });
  #accepted = 0;
  #stored = 0;
  readonly #dropped = new Map<DropReason, number>();
  #closed = false;
  /** Whether rows in memory are on their way to the database. */
  #isOverflowInFlight = false;
  /** Whether the rows that were taken last were in memory. */
  #wasFromMemory = false;

  constructor(outbox: Outbox) {
    this.outbox = outbox;
  }

  get waiting(): number {
    return this.outbox.waiting + this.#overflow.size;
  }

  /** Rows that wait and are not on the disk: a kill would lose them. */
  get inMemory(): number {
    return this.#overflow.size;
  }

  /** Takes over what another process left. @throws {Error} where the file cannot be read. */
  adopt(path: string): void {
    this.#accepted += this.outbox.adopt(path) ?? 0;
  }

  /** Takes one row as a line of JSON without its newline. Never throws; on the disk when it returns, if it can be. */
  add(line: string): void {
    this.#accepted += 1;
    // Three bytes a unit is the most that UTF-8 takes.
    if (line.length * 3 >= MAX_LINE_BYTES && Buffer.byteLength(line) >= MAX_LINE_BYTES) {
      this.#drop("too_large", 1);
      return;
    }
    // The newline is no part of the text: to add it there would copy the whole line.
    const bytes = scratch.write(line, 0, "utf8");
    scratch[bytes] = NEWLINE;
    this.#keep(scratch.subarray(0, bytes + 1));
  }

  /** Counts a row that never became a line. */
  refuse(reason: DropReason): void {
    this.#accepted += 1;
    this.#drop(reason, 1);
  }

  /**
   * The next rows to store: those in memory first, as they alone can be lost, and those on the disk in turn with
   * them, as a full disk has no room until some of them are gone.
   */
  async next(maxBytes: number): Promise<Pending | null> {
    const isTurnOfDisk = this.#wasFromMemory || this.#overflow.size === 0;
    this.#wasFromMemory = false;
    const fromDisk = isTurnOfDisk ? await this.outbox.next(maxBytes) : null;
    return fromDisk ?? this.#nextInMemory(maxBytes);
  }

  /** Has what is in memory written to the disk, if that works again, and what is settled go from it. */
  tidy(): void {
    while (this.#moveOverflow());
    this.outbox.tidy();
  }

  countStored(rows: number): void {
    this.#stored += rows;
  }

  countPoison(): void {
    this.#drop("poison", 1);
  }

  flow(): TableFlow {
    const dropped: Partial<Record<DropReason, number>> = Object.fromEntries(this.#dropped);
    const { expired, torn } = this.outbox.givenUp;
    if (expired > 0) dropped.expired = (dropped.expired ?? 0) + expired;
    if (torn > 0) dropped.torn = torn;
    return { accepted: this.#accepted, stored: this.#stored, waiting: this.waiting, dropped };
  }

  /** What is on the disk stays there for the next start; what is in memory only is lost, and counted. */
  async close(): Promise<void> {
    this.tidy();
    this.#closed = true;
    this.#drop("closed", this.#overflow.size);
    this.#overflow.drop(this.#overflow.size);
    await this.outbox.close();
  }

  #keep(line: Buffer): void {
    const appended = this.#closed ? "closed" : this.outbox.append(line);
    switch (appended) {
      case "kept":
        this.#moveOverflow();
        return;
      case "full":
        this.#drop("outbox_full", 1);
        return;
      case "failed":
        if (!this.#overflow.push(Uint8Array.from(line), line.length)) this.#drop("disk", 1);
        return;
      case "closed":
        this.#drop("closed", 1);
        return;
      default:
        appended satisfies never;
    }
  }

  #nextInMemory(maxBytes: number): Pending | null {
    if (this.#overflow.size === 0) return null;
    this.#wasFromMemory = true;
    this.#isOverflowInFlight = true;
    return {
      batch: batchOf(this.#overflow.peek(Number.POSITIVE_INFINITY, maxBytes)),
      settle: (rows) => this.#overflow.drop(rows),
      release: () => {
        this.#isOverflowInFlight = false;
      },
    };
  }

  /** @returns whether a part of the rows in memory is on the disk now. */
  #moveOverflow(): boolean {
    if (this.#overflow.size === 0 || this.#isOverflowInFlight) return false;
    const lines = this.#overflow.peek(Number.POSITIVE_INFINITY, MOVE_BYTES);
    if (this.outbox.append(Buffer.concat(lines), lines.length) !== "kept") return false;
    this.#overflow.drop(lines.length);
    return true;
  }

  #drop(reason: DropReason, rows: number): void {
    if (rows > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + rows);
  }
}
