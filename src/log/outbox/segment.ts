import { closeSync, ftruncateSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { completeSegmentName, parseSegmentName } from "./segment-name.ts";

/** A file of lines, what is in it, and how much of that is settled: stored, or given up and counted. */
export interface Segment {
  path: string;
  readonly createdMs: number;
  rows: number;
  bytes: number;
  settledRows: number;
  settledBytes: number;
  /** Why the disk did not give its lines, and when, in milliseconds since 1970; null where it does. */
  refused: { readonly error: string; readonly atMs: number } | null;
}

/** A segment that another process left. */
export interface Recovered {
  readonly segment: Segment;
  /** Whether a last line that was not whole had to be cut off. */
  readonly torn: boolean;
}

const NEWLINE = 0x0a;
const READ_BYTES = 2 ** 20;

/** A segment with nothing in it yet. */
export function emptySegment(path: string, createdMs: number): Segment {
  const settled = { settledRows: 0, settledBytes: 0, refused: null };
  return { path, createdMs, rows: 0, bytes: 0, ...settled };
}

/**
 * Takes over a segment that a process left behind. Where that process was killed the rows are counted, and a
 * last line that is not whole is cut off.
 *
 * @returns null where the file is no segment.
 * @throws {Error} where the file cannot be read or cut.
 */
export function recoverSegment(path: string): Recovered | null {
  const name = parseSegmentName(basename(path));
  if (name === null) return null;
  const segment = emptySegment(path, name.createdMs);
  if (name.rows !== null) {
    segment.rows = name.rows;
    segment.bytes = statSync(path).size;
    return { segment, torn: false };
  }
  const { rows, bytes, torn } = cutTornLine(path);
  segment.rows = rows;
  segment.bytes = bytes;
  giveFinalName(segment);
  return { segment, torn };
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

/** Names a segment by its rows, so that the next start needs not count them. @throws where the disk refuses. */
export function giveFinalName(segment: Segment): void {
  const path = join(dirname(segment.path), completeSegmentName(basename(segment.path), segment.rows));
  renameSync(segment.path, path);
  segment.path = path;
}
