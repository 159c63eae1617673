import { describe, expect, it } from "vitest";
import { cascadeConfidence } from "../../../src/learn/own/cascade-confidence.ts";
import { chooseRanges } from "../../../src/learn/own/choose-ranges.ts";
import { sampleOf } from "../../../src/learn/own/measure-own.ts";
import { rowOf } from "../dataset/row-of.ts";

/** A hundred requests with the scores 0.5 to 99.5; the weak model fails on those from 60 on. */
const rows = Array.from({ length: 100 }, (_, at) => ({
  row: rowOf(),
  weak: { quality: at < 60 ? 1 : 0, costUsd: null },
  strong: { quality: 1, costUsd: null },
  weight: 1,
  kind: "both models" as const,
}));
const sample = sampleOf(rows);
const scores = Float64Array.from(rows, (_, at) => at + 0.5);
/** Surest at the ends. */
const confidences = scores.map((score) => Math.abs((2 * score) / 100 - 1));

describe("chooseRanges()", () => {
  it("takes the highest border that keeps the quality", () => {
    expect(chooseRanges(sample, scores, { tiers: 2, goal: { keepQuality: 1 } })).toEqual({
      border: 60,
      borders: [60],
      strongShare: 0.4,
      keptQuality: 1,
      costShare: 0.4,
    });
    expect(chooseRanges(sample, scores, { tiers: 2, goal: { keepQuality: 0.9 } }).borders).toEqual([70]);
  });

  it("takes the lowest border within the budget", () => {
    expect(chooseRanges(sample, scores, { tiers: 2, goal: { budgetShare: 0.2 } })).toMatchObject({
      borders: [80],
      keptQuality: 0.8,
    });
  });

  it("shares out what lies above among the dearer tiers", () => {
    expect(chooseRanges(sample, scores, { tiers: 3, goal: { keepQuality: 1 } }).borders).toEqual([60, 81]);
  });

  it("keeps the borders apart, and within 100, where all scores are alike", () => {
    const same = new Float64Array(100).fill(99.5);
    expect(chooseRanges(sample, same, { tiers: 4, goal: { keepQuality: 1 } }).borders).toEqual([98, 99, 100]);
  });
});

describe("cascadeConfidence()", () => {
  it("is that of the least sure requests, where these are wrong more often", () => {
    expect(cascadeConfidence(sample, { scores, confidences }, 50)).toBeCloseTo(0.15, 1);
  });

  it("is 0 where they are not", () => {
    expect(cascadeConfidence(sample, { scores, confidences }, 60)).toBe(0);
  });
});
