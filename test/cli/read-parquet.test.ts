import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { readParquet } from "../../src/cli/read-parquet.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("whole numbers of 64 bits, as pandas writes them, are numbers", async () => {
  const filename = join(folder, "labels.parquet");
  await parquetWriteFile({
    filename,
    columnData: [
      { name: "model", data: ["small", "large"], type: "STRING" },
      { name: "score", data: [0n, 1n], type: "INT64" },
    ],
  });
  expect(await Array.fromAsync(readParquet(filename, ["model", "score", "tier"]))).toEqual([
    { model: "small", score: 0 },
    { model: "large", score: 1 },
  ]);
});

async function writePacked(codec: "GZIP" | "BROTLI" | "LZ4_RAW", pack: (input: Uint8Array) => Uint8Array) {
  const filename = join(folder, `${codec}.parquet`);
  const model = { name: "model", data: Array.from({ length: 500 }, () => "small"), type: "STRING" } as const;
  await parquetWriteFile({
    filename,
    columnData: [{ ...model, encoding: "PLAIN" }],
    codec,
    compressors: { [codec]: pack },
  });
  return Array.fromAsync(readParquet(filename, ["model"]));
}

test.each([
  ["GZIP", gzipSync],
  ["BROTLI", brotliCompressSync],
] as const)("what pandas packs by %s is read", async (codec, pack) => {
  expect(await writePacked(codec, pack)).toEqual(Array.from({ length: 500 }, () => ({ model: "small" })));
});

test("a file that is packed otherwise is refused by its name", async () => {
  await expect(writePacked("LZ4_RAW", gzipSync)).rejects.toThrow(
    /^Cannot read .*LZ4_RAW\.parquet: parquet unsupported compression codec/,
  );
});
