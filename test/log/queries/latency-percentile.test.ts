import { describe, expect, test } from "vitest";
import { LATENCY_BUCKETS, latencyPercentile } from "../../../src/log/queries/latency-percentile.ts";

/** Counts as the database counts. */
function countsOf(latenciesMs: readonly number[]): number[] {
  const counts = new Array<number>(LATENCY_BUCKETS).fill(0);
  for (const ms of latenciesMs) {
    const bucket = Math.min(LATENCY_BUCKETS - 1, Math.floor(4 * Math.log2(Math.max(ms, 1))));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

describe("latencyPercentile()", () => {
  test("is true to the width of a bucket, whatever the latencies", () => {
    for (const exact of [1, 3, 47, 400, 1_000, 12_345, 600_000]) {
      const found = latencyPercentile(countsOf(new Array<number>(9).fill(exact)), 0.5) ?? 0;
      expect(found / exact).toBeGreaterThan(1 / 2 ** 0.25);
      expect(found / exact).toBeLessThan(2 ** 0.25);
    }
  });

  test("finds the place of a rank among many latencies", () => {
    const latencies = Array.from({ length: 10_000 }, (_, at) => 100 + at);
    for (const ratio of [0.01, 0.5, 0.95, 0.99]) {
      const exact = 100 + ratio * 10_000;
      expect(Math.abs((latencyPercentile(countsOf(latencies), ratio) ?? 0) / exact - 1)).toBeLessThan(0.19);
    }
  });

  test("rises with the rank", () => {
    const counts = countsOf([5, 50, 50, 500, 5_000]);
    const found = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((ratio) => latencyPercentile(counts, ratio) ?? 0);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  test("is null where nothing was counted", () => {
    expect(latencyPercentile(countsOf([]), 0.5)).toBe(null);
  });
});
