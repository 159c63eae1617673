import { describe, expect, it } from "vitest";
import { boundResamples, drawResamples, toDifference, toEstimate } from "../../src/learn/bootstrap.ts";
import { createRandom } from "../../src/learn/random.ts";

describe("drawResamples()", () => {
  it("gives every prompt once, then as many draws as there are prompts, the same for a seed", () => {
    const draws = drawResamples({ size: 50 }, 3, createRandom(1));
    expect(draws).toHaveLength(4);
    expect([...(draws[0] ?? [])]).toEqual(Array.from({ length: 50 }, () => 1));
    for (const counts of draws) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(draws[1]).not.toEqual(draws[2]);
    expect(drawResamples({ size: 50 }, 3, createRandom(1))).toEqual(draws);
    expect(drawResamples({ size: 50 }, 3, createRandom(2))).not.toEqual(draws);
  });
});

describe("drawResamples() of conversations", () => {
  it("draws all turns of one together, and as many conversations as there are", () => {
    const conversationOf = Uint32Array.from([0, 1, 0, 2, 0]);
    const [once, ...draws] = drawResamples({ size: 5, conversationOf }, 50, createRandom(1));
    expect([...(once ?? [])]).toEqual([1, 1, 1, 1, 1]);
    for (const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] of draws) {
      expect([third, fifth]).toEqual([first, first]);
      expect(first + second + fourth).toBe(3);
    }
  });

  it("is the draw of prompts where each stands alone", () => {
    const conversationOf = Uint32Array.from({ length: 50 }, (_, row) => row);
    expect(drawResamples({ size: 50, conversationOf }, 3, createRandom(1))).toEqual(
      drawResamples({ size: 50 }, 3, createRandom(1)),
    );
  });
});

describe("boundResamples()", () => {
  it("gives what is wanted, and less where the prompts are very many", () => {
    expect(boundResamples(15_000, 1_000)).toBe(1_000);
    expect(boundResamples(1_000_000, 1_000)).toBe(100);
    expect(boundResamples(0, 10)).toBe(10);
  });
});

describe("toEstimate()", () => {
  it("has the middle 95 % of the resamples around the figure", () => {
    const resampled = Array.from({ length: 1000 }, (_, i) => i / 1000);
    expect(toEstimate([0.4, ...resampled.reverse()])).toEqual({ value: 0.4, low: 0.025, high: 0.975 });
  });

  it("covers the true mean in about 95 of 100 samples", () => {
    const random = createRandom(11);
    const covered = Array.from({ length: 200 }, () => {
      const values = Array.from({ length: 80 }, random);
      const means = drawResamples({ size: 80 }, 200, random).map(
        (counts) => values.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0) / 80,
      );
      const { low, high } = toEstimate(means);
      return low !== null && high !== null && low <= 0.5 && high >= 0.5;
    }).filter((isCovered) => isCovered).length;
    expect(covered).toBeGreaterThan(175);
    expect(covered).toBeLessThan(200);
  });

  it("leaves out resamples that do not define the figure, and is nothing where the prompts do not", () => {
    expect(toEstimate([0.5, Number.NaN, 0.6])).toEqual({ value: 0.5, low: 0.6, high: 0.6 });
    expect(toEstimate([Number.NaN, 0.6])).toEqual({ value: null, low: null, high: null });
    expect(toEstimate([0.5])).toEqual({ value: 0.5, low: null, high: null });
  });
});

describe("toDifference()", () => {
  it("is narrower than the figures where both move together", () => {
    const one = [0.5, ...Array.from({ length: 100 }, (_, i) => i / 100)];
    const other = one.map((value) => value - 0.1);
    expect(toDifference(one, other)).toEqual({ value: 0.1, low: 0.1, high: 0.1 });
  });
});
