import { describe, expect, it } from "vitest";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

describe("qualityCurve()", () => {
  it("has a point for each prompt, from all weak to all strong", () => {
    const { share, quality, cost } = curveOf(PROMPTS, SCORES);
    expect([...share]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...quality]).toEqual([0.5, 0.75, 0.75, 1, 1]);
    expect([...cost]).toEqual([1, 3.25, 5.5, 10.25, 20]);
  });

  it("has one point for prompts that score alike", () => {
    const { share, quality } = curveOf(PROMPTS, [9, 7, 7, 3]);
    expect([...share]).toEqual([0, 0.25, 0.75, 1]);
    expect([...quality]).toEqual([0.5, 0.75, 1, 1]);
  });
});
