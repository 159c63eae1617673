import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";

import { CliError, EXIT } from "./cli-error.ts";

/** Rows that are unpacked at a time. */
const BATCH = 2_000;

/** The one that `signalbox export` uses, and those of other programs' files; Snappy is known without. */
const compressors = {
  ZSTD: (input: Uint8Array) => zstdDecompressSync(input),
  GZIP: (input: Uint8Array) => gunzipSync(input),
  BROTLI: (input: Uint8Array) => brotliDecompressSync(input),
};

/**
 * Reads some columns of a Parquet file, row by row; a column that is not there is left out.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function* readParquet(path: string, wanted: readonly string[]): AsyncGenerator<unknown> {
  const { file, metadata } = await open(path);
  const known = new Set(metadata.schema.map(({ name }) => name));
  const columns = wanted.filter((name) => known.has(name));
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += BATCH) {
    const rowEnd = Math.min(count, rowStart + BATCH);
    const options = { file, metadata, columns, rowStart, rowEnd, compressors, useOffsetIndex: true };
    const rows = await orFail(path, () => parquetReadObjects({ ...options, rowFormat: "object" }));
    for (const row of rows) yield withNumbers(row);
  }
}

/** Whole numbers of 64 bits, as pandas writes them, come as bigint; none of what is read here is beyond 2^53. */
function withNumbers(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]) => [name, toNumbers(value)] as const);
  return Object.fromEntries(entries);
}

function toNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return Array.isArray(value) && typeof value[0] === "bigint" ? value.map(Number) : value;
}

async function open(path: string): Promise<{ readonly file: AsyncBuffer; readonly metadata: FileMetaData }> {
  return orFail(path, async () => {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  });
}

async function orFail<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.misused, `Cannot read ${path}: ${found}`, { cause: error });
  }
}
