import { describe, expect, it } from "vitest";
import { saveAtQuality } from "../../../src/learn/metrics/save-at-quality.ts";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

describe("saveAtQuality()", () => {
  it.each([
    [1, 1 - 10.25 / 20],
    [0.75, 1 - 3.25 / 20],
    [0.5, 1 - 1 / 20],
    [0.875, 1 - 7.875 / 20],
  ])("keeps %d of the quality and saves %d of the cost", (kept, saved) => {
    expect(saveAtQuality(curveOf(PROMPTS, SCORES), kept)).toBeCloseTo(saved, 12);
  });

  it("takes the cheapest way where a dear prompt comes first", () => {
    expect(saveAtQuality(curveOf(PROMPTS, [1, 2, 3, 9]), 0.5)).toBeCloseTo(1 - 1 / 20, 12);
  });

  it("is undefined where the strong model costs nothing", () => {
    const free = [{ weak: 0, strong: 1, strongCost: 0 }];
    expect(saveAtQuality(curveOf(free, [1]), 0.9)).toBeNaN();
  });
});
