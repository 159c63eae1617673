import { describe, expect, it } from "vitest";
import { capCallers } from "../../../src/learn/dataset/cap-callers.ts";

/** One row of weight 1 for each caller, and many of one more. */
function crowd(callers: number, flood: number): { weights: Float64Array; names: string[] } {
  const names = [
    ...Array.from({ length: callers }, (_, at) => `key-${at}`),
    ...new Array(flood).fill("flood"),
  ];
  return { weights: new Float64Array(names.length).fill(1), names };
}

function shareOf(weights: Float64Array, names: readonly (string | null)[], caller: string): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.filter((_, row) => names[row] === caller).reduce((sum, weight) => sum + weight, 0) / total;
}

describe("capCallers()", () => {
  it("holds a caller down to its share of what is left", () => {
    const { weights, names } = crowd(200, 5_000);
    const capped = capCallers(weights, names, 0.01);
    expect(shareOf(capped.weights, names, "flood")).toBeCloseTo(0.01, 6);
    expect(capped).toMatchObject({ callers: 201, capped: 1, share: 0.01 });
    expect(capped.weights[0]).toBe(1);
  });

  it("lets a caller count twice an equal share where there are too few for less", () => {
    const { weights, names } = crowd(9, 1_000);
    const capped = capCallers(weights, names, 0.01);
    expect(capped.share).toBeCloseTo(0.2);
    expect(shareOf(capped.weights, names, "flood")).toBeCloseTo(0.2, 6);
  });

  it("holds nobody down who is alone", () => {
    expect(capCallers(Float64Array.of(1, 0.5), ["a", "a"], 0.01).weights).toEqual(Float64Array.of(1, 0.5));
  });

  it("leaves rows that are no caller's as they are", () => {
    expect(capCallers(Float64Array.of(1, 0.5), [null, null], 0.01)).toEqual({
      weights: Float64Array.of(1, 0.5),
      share: 0.01,
      callers: 0,
      capped: 0,
    });
  });
});
