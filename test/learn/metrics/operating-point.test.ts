import { describe, expect, it } from "vitest";
import { operatingPoint, sendToRungs } from "../../../src/learn/metrics/operating-point.ts";
import { onceEach } from "../../../src/learn/sample.ts";
import { type Prompt, sampleOf } from "../sample-of.ts";
import { PROMPTS } from "./four-prompts.ts";

describe("operatingPoint()", () => {
  const point = (chosen: readonly number[], prompts: readonly Prompt[] = PROMPTS) => {
    const { rungs } = sampleOf(prompts);
    return operatingPoint(sendToRungs(rungs, Uint8Array.from(chosen)), rungs, onceEach(prompts.length));
  };

  it("measures what the chosen rungs reach and cost", () => {
    expect(point([1, 1, 0, 0])).toMatchObject({ quality: 0.75, cost: 5.5 });
  });

  it("counts a failure that the dearer rung would not have as under-routed, a needless call as over-routed", () => {
    expect(point([1, 1, 0, 0])).toMatchObject({ underRouting: 0.25, overRouting: 0.25 });
    expect(point([1, 0, 1, 0])).toMatchObject({ underRouting: 0, overRouting: 0 });
  });

  it("compares with a random router that costs as much", () => {
    // 5.5 lies 4.5 / 19 of the way from the cost of the weak model, 1, to that of the strong one, 20.
    expect(point([1, 1, 0, 0]).lift).toBeCloseTo(0.75 - (0.5 + (4.5 / 19) * 0.5), 12);
  });

  it("has no lift over random where all go to one rung", () => {
    expect(point([0, 0, 0, 0]).lift).toBeCloseTo(0, 12);
    expect(point([1, 1, 1, 1]).lift).toBeCloseTo(0, 12);
  });

  it("has no random router of its cost where the strong model costs no more", () => {
    expect(point([1], [{ weak: 0, strong: 1, weakCost: 2, strongCost: 2 }]).lift).toBeNaN();
  });
});
