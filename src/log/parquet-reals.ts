import type { ColumnChunk } from "hyparquet";
import type { Writer } from "hyparquet-writer";
import { ArrayText } from "./array-text.ts";
import { LevelRuns, PAGE_BYTES, ParquetChunk } from "./parquet-chunk.ts";

/** Definition levels of a list that may be null, of elements that may be null: how much there is. */
const NO_LIST = 0;
const EMPTY_LIST = 1;
const NULL_ELEMENT = 2;
const ELEMENT = 3;
/** Repetition levels: whether a list begins or goes on. */
const BEGINS = 0;
const GOES_ON = 1;

const BYTES_PER_REAL = 4;

export interface RealListsOptions {
  /** Name of the column. */
  readonly name: string;
  /** Zstandard. */
  readonly compress: (page: Uint8Array) => Uint8Array;
}

/**
 * A column of lists of float32, for hundreds of numbers a row, from PostgreSQL's text of an array of one dimension. The
 * general way, an object a list and several calls a number, takes some ten times as long.
 */
export class RealLists {
  readonly #options: RealListsOptions;
  #chunk: ParquetChunk;
  /** The page that is being filled. */
  #reals = new DataView(new ArrayBuffer(PAGE_BYTES));
  #bytes = 0;
  #rows = 0;
  #definitions = new LevelRuns();
  #repetitions = new LevelRuns();

  constructor(options: RealListsOptions) {
    this.#options = options;
    this.#chunk = this.#newChunk();
  }

  /** @throws {Error} where it is not an array of numbers of one dimension. */
  add(text: string | null): void {
    if (text === null) this.#addNothing(NO_LIST);
    else if (text === "{}") this.#addNothing(EMPTY_LIST);
    else this.#addElements(text);
    this.#rows += 1;
    if (this.#bytes >= PAGE_BYTES) this.#endPage();
  }

  write(writer: Writer): ColumnChunk {
    if (this.#rows > 0) this.#endPage();
    const chunk = this.#chunk.write(writer);
    this.#chunk = this.#newChunk();
    return chunk;
  }

  #newChunk(): ParquetChunk {
    const { name, compress } = this.#options;
    return new ParquetChunk({ type: "FLOAT", path: [name, "list", "element"], compress });
  }

  #addNothing(definition: number): void {
    this.#definitions.add(definition, 1);
    this.#repetitions.add(BEGINS, 1);
  }

  #addElements(text: string): void {
    const elements = new ArrayText(text);
    this.#makeRoom(elements.maxCount * BYTES_PER_REAL);
    const reals = this.#reals;
    let at = this.#bytes;
    let count = 0;
    for (; !elements.isAtEnd; count += 1) {
      const number = elements.next();
      if (number !== null) {
        reals.setFloat32(at, number, true);
        at += BYTES_PER_REAL;
      }
      this.#definitions.add(number === null ? NULL_ELEMENT : ELEMENT, 1);
    }
    this.#bytes = at;
    this.#repetitions.add(BEGINS, 1);
    this.#repetitions.add(GOES_ON, count - 1);
  }

  #makeRoom(bytes: number): void {
    const wanted = this.#bytes + bytes;
    if (wanted <= this.#reals.byteLength) return;
    const larger = new Uint8Array(wanted + PAGE_BYTES);
    larger.set(new Uint8Array(this.#reals.buffer));
    this.#reals = new DataView(larger.buffer);
  }

  #endPage(): void {
    this.#chunk.add({
      rows: this.#rows,
      values: new Uint8Array(this.#reals.buffer, 0, this.#bytes),
      valueCount: this.#bytes / BYTES_PER_REAL,
      definitions: this.#definitions,
      repetitions: this.#repetitions,
    });
    this.#bytes = 0;
    this.#rows = 0;
    this.#definitions = new LevelRuns();
    this.#repetitions = new LevelRuns();
  }
}
