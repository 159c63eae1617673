import { describe, expect, test } from "vitest";
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
});
