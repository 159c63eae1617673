import { describe, expect, it } from "vitest";
import { apgr } from "../../../src/learn/metrics/apgr.ts";
import { withinGroupApgr } from "../../../src/learn/metrics/within-group-apgr.ts";
import { orderByGroup, orderByScore } from "../../../src/learn/order.ts";
import { onceEach } from "../../../src/learn/sample.ts";
import { type Prompt, sampleOf } from "../sample-of.ts";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

describe("withinGroupApgr()", () => {
  const prompts = [
    { weak: 0, strong: 1, group: 0 },
    { weak: 0, strong: 1, group: 0 },
    { weak: 1, strong: 1, group: 1 },
    { weak: 1, strong: 1, group: 1 },
  ];
  const within = (scores: readonly number[], rows: readonly Prompt[] = prompts) => {
    const sample = sampleOf(rows);
    const orders = orderByGroup(orderByScore(scores), sample.groupOf, sample.groups);
    return withinGroupApgr(sample, orders, onceEach(rows.length));
  };

  it("gives nothing for telling groups apart", () => {
    expect(apgr(curveOf(prompts, [4, 3, 2, 1]))).toBe(0.75);
    expect(within([4, 3, 2, 1])).toBe(0.5);
  });

  it("gives the APGR where there is one group", () => {
    expect(within(SCORES, PROMPTS)).toBeCloseTo(apgr(curveOf(PROMPTS, SCORES)), 12);
  });

  it("keeps ties within a group", () => {
    expect(within([5, 5, 5, 5], PROMPTS)).toBe(0.5);
  });
});
