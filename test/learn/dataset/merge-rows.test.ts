import { describe, expect, it } from "vitest";
import { createRowCollector } from "../../../src/learn/dataset/merge-rows.ts";
import { rowOf } from "./row-of.ts";

const parts = [{ numbers: Float32Array.of(1), words: Int32Array.of(2) }];

describe("createRowCollector()", () => {
  it("keeps the parts of the last 5,000 texts alone, and all else of every text in its order", () => {
    const collector = createRowCollector();
    const digests = Array.from({ length: 5_002 }, (_, at) => `d${at}`);
    for (const digest of digests) collector.add(rowOf({ digest, parts }));
    const rows = collector.rows();
    expect(rows.map(({ digest }) => digest)).toEqual(digests);
    expect(rows.map((row) => row.parts.length).slice(0, 3)).toEqual([0, 0, 1]);
    expect(rows.at(-1)?.parts).toBe(parts);
  });

  it("keeps the parts of a text that came again among the last 5,000", () => {
    const collector = createRowCollector();
    for (let at = 0; at < 5_000; at += 1) collector.add(rowOf({ digest: `d${at}`, parts }));
    collector.add(rowOf({ digest: "d0", parts }));
    collector.add(rowOf({ digest: "new", parts }));
    const kept = new Map(collector.rows().map((row) => [row.digest, row.parts.length]));
    expect([kept.get("d0"), kept.get("d1"), kept.get("new")]).toEqual([1, 0, 1]);
  });
});
