import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";

/** End of the name of a file that is not finished. */
export const UNFINISHED = ".erasing";

const READ_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Rewrites a file without some of its lines: whoever opens it finds the old one or the new one, whole. Where no
 * line is dropped the file stays as it is.
 *
 * @param isDropped gets a line without its newline.
 * @returns how many were dropped and how many are left; null where none was dropped.
 * @throws {Error} where the disk refuses; the file is then as it was.
 */
export function dropLines(path: string, isDropped: (line: Buffer) => boolean): Dropped | null {
  for (const line of linesOf(path)) if (isDropped(line)) return rewrite(path, isDropped);
  return null;
}

interface Dropped {
  readonly dropped: number;
  readonly kept: number;
}

function rewrite(path: string, isDropped: (line: Buffer) => boolean): Dropped {
  const draft = `${path}${UNFINISHED}`;
  const counts = { kept: 0, dropped: 0 };
  const from = openSync(path, "r");
  const to = openSync(draft, "w", 0o640);
  const copy = () => {
    for (const line of readLines(from)) {
      const isKept = !isDropped(line);
      if (isKept) writeAll(to, Buffer.concat([line, Buffer.of(NEWLINE)]));
      counts[isKept ? "kept" : "dropped"] += 1;
    }
  };
  try {
    copy();
    fsyncSync(to);
    // What somebody appended meanwhile; from here on there is no time for more.
    copy();
    renameSync(draft, path);
  } finally {
    closeSync(from);
    closeSync(to);
    rmSync(draft, { force: true });
  }
  return counts;
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** Reads a file line by line. */
export function* linesOf(path: string): Generator<Buffer> {
  const fd = openSync(path, "r");
  try {
    yield* readLines(fd);
  } finally {
    closeSync(fd);
  }
}

/** A last line may lack its newline. */
function* readLines(fd: number): Generator<Buffer> {
  let rest: Buffer[] = [];
  for (let chunk = readChunk(fd); chunk.length > 0; chunk = readChunk(fd)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}

function readChunk(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  return buffer.subarray(0, readSync(fd, buffer));
}
