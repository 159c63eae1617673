import type { ColumnChunk, Encoding, ParquetType } from "hyparquet";
import { ByteWriter, type Writer } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";

/** Bytes of values from which on a page is full: a reader has a page in memory at a time. */
export const PAGE_BYTES = 2 ** 20;

/** What a page holds. */
export interface Page {
  readonly rows: number;
  /** Plain encoding. */
  readonly values: Uint8Array;
  /** Values that are not null. */
  readonly valueCount: number;
  readonly definitions: LevelRuns;
  readonly repetitions: LevelRuns;
}

export interface ChunkOptions {
  readonly type: ParquetType;
  /** Names from the column to its values. */
  readonly path: readonly string[];
  /** Zstandard. */
  readonly compress: (page: Uint8Array) => Uint8Array;
}

/** Pages of one column in one row group, compressed. */
export class ParquetChunk {
  readonly #options: ChunkOptions;
  readonly #pages = new ByteWriter();
  #levels = 0;
  #uncompressedBytes = 0;

  constructor(options: ChunkOptions) {
    this.#options = options;
  }

  add({ rows, values, valueCount, definitions, repetitions }: Page): void {
    const compressed = this.#options.compress(values);
    const levels = [repetitions.bytes(), definitions.bytes()];
    const [repetitionBytes = 0, definitionBytes = 0] = levels.map(({ length }) => length);
    const levelBytes = repetitionBytes + definitionBytes;
    const start = this.#pages.offset;
    writePageHeader(this.#pages, {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: levelBytes + values.length,
      compressed_page_size: levelBytes + compressed.length,
      data_page_header_v2: {
        num_values: definitions.count,
        num_nulls: definitions.count - valueCount,
        num_rows: rows,
        encoding: "PLAIN",
        definition_levels_byte_length: definitionBytes,
        repetition_levels_byte_length: repetitionBytes,
        is_compressed: true,
      },
    });
    this.#uncompressedBytes += this.#pages.offset - start + levelBytes + values.length;
    for (const part of [...levels, compressed]) this.#pages.appendBytes(part);
    this.#levels += definitions.count;
  }

  /** Writes the pages. */
  write(writer: Writer): ColumnChunk {
    const { type, path } = this.#options;
    const encodings: Encoding[] = ["PLAIN", "RLE"];
    const offset = BigInt(writer.offset);
    const pages = this.#pages.getBytes();
    writer.appendBytes(pages);
    const meta_data = {
      type,
      encodings,
      path_in_schema: [...path],
      codec: "ZSTD" as const,
      num_values: BigInt(this.#levels),
      total_uncompressed_size: BigInt(this.#uncompressedBytes),
      total_compressed_size: BigInt(pages.length),
      data_page_offset: offset,
    };
    return { file_offset: offset, meta_data };
  }
}

/** Definition or repetition levels as runs of equal ones, which is all that these need of Parquet's RLE. */
export class LevelRuns {
  readonly #runs = new ByteWriter();
  #level = 0;
  #length = 0;
  #count = 0;

  /** How many levels were added. */
  get count(): number {
    return this.#count;
  }

  /** Adds a level of at most 8 bits so many times. */
  add(level: number, times: number): void {
    if (level !== this.#level) this.#endRun();
    this.#level = level;
    this.#length += times;
    this.#count += times;
  }

  /** All of them; none is to be added after. */
  bytes(): Uint8Array {
    this.#endRun();
    return this.#runs.getBytes();
  }

  #endRun(): void {
    if (this.#length === 0) return;
    this.#runs.appendVarInt(this.#length * 2);
    this.#runs.appendUint8(this.#level);
    this.#length = 0;
  }
}
