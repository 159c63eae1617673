import { closeSync, openSync } from "node:fs";
import { type Batch, readBatch } from "./batch.ts";
import type { Segment } from "./segment.ts";

/** Room that is kept from one batch to the next, in bytes: more than most of them take. */
const KEPT_BYTES = 2_049 * 2 ** 10;

/** Reads lines of segments, one batch at a time and mostly in order: the file of the last one stays open. */
export class SegmentReader {
  #last: { readonly segment: Segment; readonly fd: number } | null = null;
  /** A buffer for each batch outlives the young generation, and a busy log then has all memory collected each second. */
  #room: Buffer | null = null;

  /**
   * Reads lines that are not settled, about `maxBytes` of them. The batch is good until the next one is read.
   *
   * @returns null where there are none, or fewer than were written: the disk lost them.
   * @throws {Error} where the disk does not give them.
   */
  async read(segment: Segment, maxBytes: number): Promise<Batch | null> {
    const { settledBytes: offset, bytes: end } = segment;
    return readBatch(this.#fdOf(segment), {
      offset,
      end,
      maxBytes,
      roomFor: (bytes) => this.#roomFor(bytes),
    });
  }

  /** Lets go of a file. */
  release(segment: Segment): void {
    if (this.#last?.segment === segment) this.close();
  }

  close(): void {
    if (this.#last !== null) closeSync(this.#last.fd);
    this.#last = null;
  }

  #roomFor(bytes: number): Buffer {
    if (bytes > KEPT_BYTES) return Buffer.allocUnsafeSlow(bytes);
    this.#room ??= Buffer.allocUnsafeSlow(KEPT_BYTES);
    return this.#room;
  }

  #fdOf(segment: Segment): number {
    if (this.#last?.segment === segment) return this.#last.fd;
    this.close();
    const fd = openSync(segment.path, "r");
    this.#last = { segment, fd };
    return fd;
  }
}
