import { describe, expect, it } from "vitest";
import { apgr } from "../../../src/learn/metrics/apgr.ts";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

describe("apgr()", () => {
  it("is the area under the recovered gap", () => {
    expect(apgr(curveOf(PROMPTS, SCORES))).toBeCloseTo(0.625, 12);
  });

  it("is undefined where the strong model is not better", () => {
    expect(apgr(curveOf([{ weak: 1, strong: 0 }], [1]))).toBeNaN();
  });
});
