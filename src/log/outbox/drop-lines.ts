import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";

/** End of the name of a file that is not finished. */
export const UNFINISHED = ".erasing";

/** What is read or written at once. */
const CHUNK_BYTES = 2 ** 20;
const NEWLINE = 0x0a;
const LINE_END = Buffer.of(NEWLINE);

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
    const writer = new LineWriter(to);
    for (const line of readLines(from)) {
      const isKept = !isDropped(line);
      if (isKept) writer.write(line);
      counts[isKept ? "kept" : "dropped"] += 1;
    }
    writer.flush();
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

/** Writes lines some at a time: a call of the system for each would take most of the time. */
class LineWriter {
  readonly #fd: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: Buffer): void {
    this.#parts.push(line, LINE_END);
    this.#bytes += line.length + 1;
    if (this.#bytes >= CHUNK_BYTES) this.flush();
  }

  flush(): void {
    const bytes = Buffer.concat(this.#parts);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    this.#parts = [];
    this.#bytes = 0;
  }
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
      const line = chunk.subarray(start, end);
      yield rest.length === 0 ? line : Buffer.concat([...rest, line]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}

function readChunk(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  return buffer.subarray(0, readSync(fd, buffer));
}
