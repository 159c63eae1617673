import { read } from "node:fs";
import { promisify } from "node:util";

const readFrom = promisify(read);

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Whole lines of NDJSON, made into one JSON array without looking into them. */
export class Batch {
  /** `[`, the lines with commas between them, `]`. */
  readonly #json: Buffer;
  /** Offset in `#json` of each comma or bracket behind a line. */
  readonly #ends: readonly number[];

  /** @param json a byte of room, then whole lines; is written to. */
  constructor(json: Buffer) {
    const ends: number[] = [];
    json[0] = OPEN_BRACKET;
    for (let at = json.indexOf(NEWLINE); at !== -1; at = json.indexOf(NEWLINE, at + 1)) {
      ends.push(at);
      json[at] = COMMA;
    }
    json[json.length - 1] = CLOSE_BRACKET;
    this.#json = json;
    this.#ends = ends;
  }

  get rows(): number {
    return this.#ends.length;
  }

  /** The rows from `start` to before `end` as a JSON array, UTF-8. */
  json(start = 0, end = this.rows): Buffer {
    if (start === 0 && end === this.rows) return this.#json;
    const part = Buffer.from(this.#json.subarray(this.#startOf(start), this.#endOf(end) + 1));
    part[0] = OPEN_BRACKET;
    part[part.length - 1] = CLOSE_BRACKET;
    return part;
  }

  /** Bytes that the rows from `start` to before `end` take as lines. */
  bytes(start: number, end: number): number {
    return this.#endOf(end) - this.#startOf(start);
  }

  /** The end of the rows from `start` on that take at most so many bytes, one at least. */
  endOfPart(start: number, maxBytes: number): number {
    let end = start + 1;
    while (end < this.rows && this.bytes(start, end + 1) <= maxBytes) end += 1;
    return end;
  }

  /** The text of one row. */
  line(row: number): string {
    return this.#json.toString("utf8", this.#startOf(row) + 1, this.#endOf(row + 1));
  }

  /** Offset of the comma or bracket before a row. */
  #startOf(row: number): number {
    return row === 0 ? 0 : (this.#ends[row - 1] ?? 0);
  }

  #endOf(row: number): number {
    return this.#ends[row - 1] ?? 0;
  }
}

/** Room for lines, in bytes, to read from a file at an offset. */
export interface ReadOptions {
  readonly offset: number;
  /** End of what may be read. */
  readonly end: number;
  /** Most bytes; one line may be longer. */
  readonly maxBytes: number;
  /** Gives at least so many bytes, which are the batch's then. */
  readonly roomFor: (bytes: number) => Buffer;
}

/** Reads whole lines; null where there is none. */
export async function readBatch(fd: number, options: ReadOptions): Promise<Batch | null> {
  const { offset, end, maxBytes, roomFor } = options;
  const wanted = Math.min(end - offset, maxBytes);
  const buffer = roomFor(wanted + 1);
  const { bytesRead } = await readFrom(fd, buffer, 1, wanted, offset);
  const lastLine = buffer.subarray(0, bytesRead + 1).lastIndexOf(NEWLINE);
  if (lastLine > 0) return new Batch(buffer.subarray(0, lastLine + 1));
  const isAll = bytesRead < wanted || offset + wanted >= end;
  return isAll ? null : readBatch(fd, { ...options, maxBytes: maxBytes * 2 });
}

/** A batch of lines that are in memory. */
export function batchOf(lines: readonly Uint8Array[]): Batch {
  return new Batch(Buffer.concat([Buffer.alloc(1), ...lines]));
}
