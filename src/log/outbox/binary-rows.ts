import { CopyCursor } from "./copy-cursor.ts";
import { takeReals } from "./copy-reals.ts";
import { takeBoolean, takeFloat, takeInt, takeTime, takeUuid } from "./copy-scalars.ts";
import { takeJson, takeText, takeTexts } from "./copy-texts.ts";

/**
 * What a column is, by its type in the database: `int` integer, `float` double precision, `reals` real[], `texts`
 * text[], `time` timestamptz. In a line `reals` is PostgreSQL's own text of an array, and `time` as of `toISOString`.
 */
export type ColumnKind = "uuid" | "time" | "text" | "int" | "float" | "boolean" | "json" | "reals" | "texts";

export interface WriteOptions {
  /** Offset of the first row's brace. */
  readonly at: number;
  /** Rows, with one byte between them. */
  readonly rows: number;
  /** Has room for four times what the rows take. */
  readonly to: Buffer;
  /** Offset in it. */
  readonly head: number;
}

interface Column {
  readonly kind: ColumnKind;
  /** `,"name":` */
  readonly key: Buffer;
  /** `],"name of the next":`, which no string can hold, as its quotes would be escaped. */
  readonly end: Buffer;
}

const LOWER_N = 0x6e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const NULL_BYTES = 4;

/**
 * Makes of rows in JSON what `COPY (FORMAT binary)` reads: the server neither takes lines apart nor numbers, and a row
 * takes half of its time.
 */
export class BinaryRows {
  readonly #columns: readonly Column[];
  readonly #cursor = new CopyCursor();

  constructor(kinds: Readonly<Record<string, ColumnKind>>) {
    const names = Object.keys(kinds);
    this.#columns = Object.entries(kinds).map(([name, kind], index) => {
      return { kind, key: Buffer.from(`,"${name}":`), end: Buffer.from(`],"${names[index + 1]}":`) };
    });
  }

  /** @returns offset behind what was written; null where a row is none of the columns in their order, or unusual. */
  write(json: Buffer, { at, rows, to, head }: WriteOptions): number | null {
    const cursor = this.#cursor;
    cursor.from = json;
    cursor.at = at;
    cursor.to = to;
    cursor.view = new DataView(to.buffer, to.byteOffset, to.length);
    cursor.written = head;
    cursor.slash = 0;
    for (let row = 0; row < rows; row += 1) if (!this.#row()) return null;
    return cursor.written;
  }

  #row(): boolean {
    const cursor = this.#cursor;
    if (cursor.from[cursor.at] !== OPEN_BRACE) return false;
    cursor.view.setInt16(cursor.written, this.#columns.length);
    cursor.written += 2;
    for (const column of this.#columns) if (!this.#key(column) || !this.#field(column)) return false;
    if (cursor.from[cursor.at] !== CLOSE_BRACE) return false;
    // And the comma or bracket behind the row.
    cursor.at += 2;
    return true;
  }

  #key({ key }: Column): boolean {
    const cursor = this.#cursor;
    const { from, at: start } = cursor;
    // Instead of a comma the first column has the brace of the row.
    for (let index = 1; index < key.length; index += 1) {
      if (from[start + index] !== key[index]) return false;
    }
    cursor.at = start + key.length;
    return true;
  }

  #field(column: Column): boolean {
    const cursor = this.#cursor;
    if (cursor.from[cursor.at] === LOWER_N) {
      cursor.at += NULL_BYTES;
      cursor.int32(-1);
      return true;
    }
    const start = cursor.written;
    cursor.written += 4;
    const isUsual = this.#value(column);
    cursor.view.setInt32(start, cursor.written - start - 4);
    return isUsual;
  }

  #value({ kind, end }: Column): boolean {
    switch (kind) {
      case "uuid":
        return takeUuid(this.#cursor);
      case "time":
        return takeTime(this.#cursor);
      case "text":
        return takeText(this.#cursor);
      case "int":
        return takeInt(this.#cursor);
      case "float":
        return takeFloat(this.#cursor);
      case "boolean":
        return takeBoolean(this.#cursor);
      case "json":
        return takeJson(this.#cursor, end);
      case "reals":
        return takeReals(this.#cursor);
      case "texts":
        return takeTexts(this.#cursor);
      default:
        return kind satisfies never;
    }
  }
}
