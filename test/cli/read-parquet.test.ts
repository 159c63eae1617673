import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
