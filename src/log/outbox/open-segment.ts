import { ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { GroupSync, type Synced } from "./group-sync.ts";
import { emptySegment, giveFinalName, type Segment } from "./segment.ts";
import { newSegmentName } from "./segment-name.ts";

export interface OpenSegmentOptions {
  readonly folder: string;
  readonly table: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly synced: Synced;
}

/** The segment that is written to. */
export class OpenSegment {
  readonly segment: Segment;
  readonly #fd: number;
  readonly #sync: GroupSync;
  /** Whether nothing but whole lines can be in the file. */
  #isWhole = true;

  /** @throws {Error} where the folder takes no new file. */
  constructor({ folder, table, createdMs, synced }: OpenSegmentOptions) {
    const path = join(folder, newSegmentName(table, createdMs));
    this.#fd = openSync(path, "ax", 0o640);
    this.#sync = new GroupSync(this.#fd, folder, synced);
    this.segment = emptySegment(path, createdMs);
  }

  /**
   * Appends whole lines, `rows` of them, which the disk is then made to keep.
   *
   * @throws {Error} where the disk does not take all of it; the file is then as it was, or its end is not to be
   *   read: `segment.bytes` says how much is.
   */
  append(lines: Uint8Array, rows: number): void {
    this.#isWhole = false;
    const written = writeSync(this.#fd, lines);
    if (written < lines.length) {
      ftruncateSync(this.#fd, this.segment.bytes);
      throw new Error(`Cannot append: found room for ${written} bytes, expected ${lines.length}`);
    }
    this.#isWhole = true;
    this.segment.bytes += written;
    this.segment.rows += rows;
    this.#sync.appended();
  }

  /**
   * Writes no more. The file gets its final name, unless the disk refuses: its rows are then counted at the next
   * start. The disk is asked to keep what is in it.
   */
  complete(done: Synced): void {
    const refused = this.#isWhole ? renamed(this.segment) : null;
    this.#sync.end((error) => done(error ?? refused));
  }
}

function renamed(segment: Segment): Error | null {
  try {
    giveFinalName(segment);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
