import { describe, expect, it } from "vitest";
import { surenessOf } from "../../src/classify/cascade.ts";
import { TIERS } from "./llm/tiers.ts";

describe("surenessOf()", () => {
  it("is the classifier's own confidence where it has one", () => {
    expect(surenessOf({ strategy: "ml", score: 31, confidence: 0.9 }, TIERS)).toBe(0.9);
  });

  it.each([
    [31, 0],
    [36, 0.25],
    [66, 0],
    [56, 0.5],
    [100, 1],
    [0, 1],
  ])("of a score of %i without confidence is %d, by its distance to a border", (score, sureness) => {
    expect(surenessOf({ strategy: "static", score, confidence: null }, TIERS)).toBe(sureness);
  });
});
