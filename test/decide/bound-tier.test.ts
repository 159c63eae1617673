import { describe, expect, it } from "vitest";
import { boundTier } from "../../src/decide/ladder.ts";
import type { Tier } from "../../src/policy/policy.ts";

const tier = (name: string, low: number, high: number): Tier => {
  return { name, low, high, models: [{ model: name, weight: 1 }], pick: "first", description: null };
};
const [small, middle, large] = [tier("small", 0, 30), tier("middle", 31, 65), tier("large", 66, 100)];
const tiers = [small, middle, large];

describe("boundTier()", () => {
  it.each([
    ["no bound", middle, { minTier: null, maxTier: null }, middle],
    ["a floor above it", small, { minTier: "middle", maxTier: null }, middle],
    ["a floor below it", large, { minTier: "middle", maxTier: null }, large],
    ["a ceiling below it", large, { minTier: null, maxTier: "small" }, small],
    ["a ceiling above it", small, { minTier: null, maxTier: "large" }, small],
    ["a floor above the ceiling: the floor", middle, { minTier: "large", maxTier: "small" }, large],
    ["a name of no tier", middle, { minTier: "huge", maxTier: "tiny" }, middle],
  ])("with %s", (_, from, bounds, wanted) => {
    expect(boundTier(from, bounds, tiers).name).toBe(wanted.name);
  });
});
