import { zstdDecompressSync } from "node:zlib";
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

/** Of those that `signalbox export` uses; readers of other programs' files know Snappy too. */
const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) };

/**
 * Reads some columns of a Parquet file, row by row; a column that is not there is left out.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function* readParquet(path: string, wanted: readonly string[]): AsyncGenerator<unknown> {
  const { file, metadata } = await open(path);
  const known = new Set(metadata.schema.map(({ name }) => name));
  const columns = wanted.filter((name) => known.has(name));
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += BATCH) {
    const rowEnd = Math.min(rows, rowStart + BATCH);
    const options = { file, metadata, columns, rowStart, rowEnd, compressors, useOffsetIndex: true };
    yield* await parquetReadObjects({ ...options, rowFormat: "object" });
  }
}

async function open(path: string): Promise<{ readonly file: AsyncBuffer; readonly metadata: FileMetaData }> {
  try {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.misused, `Cannot read ${path}: ${found}`, { cause: error });
  }
}
