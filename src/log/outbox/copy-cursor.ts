/** A call to find or copy bytes costs as much as to look at so many. */
export const SHORT_BYTES = 48;

const ZERO = 0x30;
const NINE = 0x39;
/** By byte: what it is as a hexadecimal digit; 255 for none. */
export const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

/** Where we are in rows of JSON, and in what COPY is to read of them. */
export class CopyCursor {
  from: Buffer = Buffer.alloc(0);
  /** Offset in it. */
  at = 0;
  to: Buffer = Buffer.alloc(0);
  /** On what `to` is of. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset in it, behind what is written. */
  written = 0;
  /** Offset of the first backslash that is not behind us; the length where there is none. */
  slash = 0;
  /** The day of the time before, `2026-01-01`, and when that begins, in milliseconds since 1970. */
  day = { text: Buffer.alloc("2026-01-01".length), ms: 0 };

  int32(value: number): void {
    this.view.setInt32(this.written, value);
    this.written += 4;
  }

  /** Takes bytes as they are, up to an offset. */
  copyTo(end: number): void {
    const [from, to] = [this.from, this.to];
    const offset = this.written - this.at;
    if (end - this.at > SHORT_BYTES) from.copy(to, this.written, this.at, end);
    else for (let at = this.at; at < end; at += 1) to[at + offset] = from[at] ?? 0;
    this.at = end;
    this.written = end + offset;
  }
}

/** Id of a type in the database, and the number of elements of it. */
export interface ArrayHead {
  readonly oid: number;
  readonly count: number;
}

/** Number of dimensions, whether there are nulls, type of the elements. */
const EMPTY_HEAD_BYTES = 12;
/** And of the only dimension its length, and the number of its first element. */
const HEAD_BYTES = EMPTY_HEAD_BYTES + 8;

/** Bytes that stand before so many elements. */
export function arrayHeadBytes(count: number): number {
  return count === 0 ? EMPTY_HEAD_BYTES : HEAD_BYTES;
}

/** Writes what stands before the elements of an array. */
export function writeArrayHead(view: DataView, at: number, { oid, count }: ArrayHead): void {
  view.setInt32(at, count === 0 ? 0 : 1);
  view.setInt32(at + 4, 0);
  view.setInt32(at + 8, oid);
  if (count === 0) return;
  view.setInt32(at + EMPTY_HEAD_BYTES, count);
  view.setInt32(at + EMPTY_HEAD_BYTES + 4, 1);
}

/** Of a byte. */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
