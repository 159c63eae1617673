import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { completeSegmentName, newSegmentName, parseSegmentName } from "./segment-name.ts";

/** A file of lines, what is in it, and how much of that is settled: stored, or given up and counted. */
export interface Segment {
  path: string;
  readonly createdMs: number;
  rows: number;
  bytes: number;
  settledRows: number;
  settledBytes: number;
}

const NEWLINE = 0x0a;
const READ_BYTES = 2 ** 20;

/**
 * Takes over a segment that a process left behind. Where that process was killed the rows are counted, and a
 * last line that is not whole is cut off: it was never answered.
 *
 * @returns null where the file is no segment.
 * @throws {Error} where the file cannot be read or cut.
 */
export function recoverSegment(path: string): { segment: Segment; torn: boolean } | null {
  const name = parseSegmentName(basename(path));
  if (name === null) return null;
  const { createdMs } = name;
  const settled = { settledRows: 0, settledBytes: 0 };
  if (name.rows !== null) {
    return {
      segment: { path, createdMs, rows: name.rows, bytes: statSync(path).size, ...settled },
      torn: false,
    };
  }
  const whole = cutTornLine(path);
  const segment = { path, createdMs, rows: whole.rows, bytes: whole.bytes, ...settled };
  rename(segment);
  return { segment, torn: whole.torn };
}

function cutTornLine(path: string): { rows: number; bytes: number; torn: boolean } {
  const fd = openSync(path, "r+");
  try {
    const { rows, bytes, size } = countLines(fd);
    if (bytes < size) ftruncateSync(fd, bytes);
    return { rows, bytes, torn: bytes < size };
  } finally {
    closeSync(fd);
  }
}

function countLines(fd: number): { rows: number; bytes: number; size: number } {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let rows = 0;
  let bytes = 0;
  let size = 0;
  for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
    const chunk = buffer.subarray(0, read);
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
      rows += 1;
      bytes = size + at + 1;
    }
    size += read;
  }
  return { rows, bytes, size };
}

function rename(segment: Segment): void {
  const path = join(dirname(segment.path), completeSegmentName(basename(segment.path), segment.rows));
  renameSync(segment.path, path);
  segment.path = path;
}

function renamed(segment: Segment): Error | null {
  try {
    rename(segment);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The segment that is written to. */
export class OpenSegment {
  readonly segment: Segment;
  readonly #fd: number;

  /** @throws {Error} where the folder takes no new file. */
  constructor(folder: string, table: string, createdMs: number) {
    const path = join(folder, newSegmentName(table, createdMs));
    this.#fd = openSync(path, "ax", 0o640);
    this.segment = { path, createdMs, rows: 0, bytes: 0, settledRows: 0, settledBytes: 0 };
  }

  /**
   * Appends whole lines, `rows` of them.
   *
   * @throws {Error} where the disk does not take all of it; the file is then as it was, or its end is not to be
   *   read: `segment.bytes` says how much is.
   */
  append(lines: Uint8Array, rows: number): void {
    const written = writeSync(this.#fd, lines);
    if (written < lines.length) {
      ftruncateSync(this.#fd, this.segment.bytes);
      throw new Error(`Cannot append: found room for ${written} bytes, expected ${lines.length}`);
    }
    this.segment.bytes += written;
    this.segment.rows += rows;
  }

  /** Has the disk keep what was appended so far, off this thread. */
  sync(done: (error: Error | null) => void): void {
    fdatasync(this.#fd, done);
  }

  /**
   * Writes no more. The file gets its final name, unless the disk refuses: its rows are then counted at the next
   * start. The disk is asked to keep what is in it.
   */
  complete(done: (error: Error | null) => void): void {
    const refused = renamed(this.segment);
    fdatasync(this.#fd, (error) => {
      closeSync(this.#fd);
      done(error ?? refused);
    });
  }
}
