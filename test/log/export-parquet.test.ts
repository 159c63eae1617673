import { zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import type { ExportRow } from "../../src/log/export-formats.ts";
import { parquet } from "../../src/log/export-parquet.ts";
import type { ExportColumn } from "../../src/log/export-query.ts";
import { findExportType } from "../../src/log/export-types.ts";

function column(name: string, typeName: string): ExportColumn {
  const type = findExportType(typeName);
  if (type === null) throw new Error(`no type ${typeName}`);
  return { name, type };
}

const columns = [column("id", "uuid"), column("user_text", "text"), column("token_count", "integer")];
const BATCH = 1_000;
const batchOf = (text: string) => Array.from({ length: BATCH }, (_, at) => [String(at), text, "7"]);

/** Batches that the encoder takes before it gives bytes out. */
function batchesHeld(text: string): number {
  const encoder = parquet(columns);
  encoder.start();
  const batch = batchOf(text);
  for (let held = 0; held < 1_000; held += 1) {
    if (encoder.rows(batch).length > 0) return held + 1;
  }
  return Number.POSITIVE_INFINITY;
}

/** The file that is made of these rows in batches. */
function fileOf(columns: readonly ExportColumn[], rows: readonly ExportRow[]): ArrayBuffer {
  const encoder = parquet(columns);
  const parts = [encoder.start()];
  for (let at = 0; at < rows.length; at += BATCH) parts.push(encoder.rows(rows.slice(at, at + BATCH)));
  parts.push(encoder.end());
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part)))).buffer;
}

function read(file: ArrayBuffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file, compressors: { ZSTD: (page) => zstdDecompressSync(page) } });
}

describe("parquet()", () => {
  test("holds no more than 50,000 rows", () => {
    expect(batchesHeld("short")).toBe(50);
  });

  test("holds no more than 32 MiB of long texts", () => {
    expect(batchesHeld("x".repeat(100_000)) * BATCH * 100_000).toBeLessThanOrEqual(100_000_000);
  });

  test("gives out the footer at the end only", () => {
    const encoder = parquet(columns);
    expect(Buffer.from(encoder.start()).toString()).toBe("PAR1");
    expect(encoder.rows(batchOf("some"))).toBe("");
    const rest = Buffer.from(encoder.end());
    expect(rest.subarray(-4).toString()).toBe("PAR1");
    expect(rest.includes("signalbox")).toBe(true);
  });

  test("takes a value that its column cannot hold for an error, not for another value", () => {
    const encoder = parquet([column("token_count", "integer")]);
    encoder.rows([["4294967296"]]);
    expect(() => encoder.end()).toThrow("int32");
    const times = parquet([column("timestamp", "timestamp with time zone")]);
    expect(() => times.rows([["infinity"]])).toThrow("Cannot export a time: found infinity");
  });

  test("gives every value back, of lists too", async () => {
    const numbers = Array.from({ length: 120_000 }, (_, at) => (at % 7 === 0 ? null : at - 70_000));
    const rows = numbers.map((number): ExportRow => {
      const text = number === null ? null : String(number);
      return [text && `é ${text}`, text, text && `{0,${text}.5,NULL}`];
    });
    const found = await read(
      fileOf([column("a", "text"), column("b", "integer"), column("c", "real[]")], rows),
    );
    expect(found.map(({ a }) => a)).toEqual(rows.map(([a]) => a));
    expect(found.map(({ b }) => b)).toEqual(numbers);
    expect(found.map(({ c }) => c ?? null)).toEqual(
      rows.map(([, text, c]) => c && [0, Number(`${text}.5`), null]),
    );
  });

  test("keeps the bounds of each row group", () => {
    const rows = Array.from({ length: 120_000 }, (_, at): ExportRow => {
      const number = Math.abs(at - 60_000);
      return at % 2 === 0 ? [null, null] : [String(number), String(-number)];
    });
    const file = fileOf([column("up", "integer"), column("down", "integer")], rows);
    const groups = parquetMetadata(file).row_groups.map(({ columns }) =>
      columns.map((chunk) => chunk.meta_data?.statistics),
    );
    const bounds = (min_value: number, max_value: number, null_count: bigint) => ({
      min_value,
      max_value,
      null_count,
    });
    expect(groups).toMatchObject([
      [bounds(10_001, 59_999, 25_000n), bounds(-59_999, -10_001, 25_000n)],
      [bounds(1, 39_999, 25_000n), bounds(-39_999, -1, 25_000n)],
      [bounds(40_001, 59_999, 10_000n), bounds(-59_999, -40_001, 10_000n)],
    ]);
  });

  test("writes a table of lists alone", async () => {
    const rows = Array.from({ length: 120_000 }, (_, at): ExportRow => [`{${at},-0.5}`]);
    const found = await read(fileOf([column("features", "real[]")], rows));
    expect(found.map(({ features }) => features)).toEqual(rows.map((_, at) => [at, -0.5]));
  });

  test("refuses an array of two dimensions", () => {
    expect(() => parquet([column("features", "real[]")]).rows([["{{1},{2}}"]])).toThrow(
      "Cannot read an array",
    );
  });
});
