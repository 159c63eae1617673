import { describe, expect, it, test } from "vitest";
import { apgr } from "../../../src/learn/metrics/apgr.ts";
import { auroc } from "../../../src/learn/metrics/auroc.ts";
import { calibrationBins, calibrationError } from "../../../src/learn/metrics/calibration-error.ts";
import { cpt } from "../../../src/learn/metrics/cpt.ts";
import { liftAtShare } from "../../../src/learn/metrics/lift-at-share.ts";
import { operatingPoint, sendToRungs } from "../../../src/learn/metrics/operating-point.ts";
import { qualityCurve } from "../../../src/learn/metrics/quality-curve.ts";
import { saveAtQuality } from "../../../src/learn/metrics/save-at-quality.ts";
import { withinGroupApgr } from "../../../src/learn/metrics/within-group-apgr.ts";
import { orderByGroup, orderByScore } from "../../../src/learn/order.ts";
import { onceEach } from "../../../src/learn/sample.ts";
import { type Prompt, sampleOf } from "../sample-of.ts";

/** Four prompts, the weak model fails on two; the score finds one of those first, the other one third. */
const PROMPTS: readonly Prompt[] = [
  { weak: 0, strong: 1, weakCost: 1, strongCost: 10 },
  { weak: 1, strong: 1, weakCost: 1, strongCost: 10 },
  { weak: 0, strong: 1, weakCost: 1, strongCost: 20 },
  { weak: 1, strong: 1, weakCost: 1, strongCost: 40 },
];
const SCORES = [9, 7, 5, 3];

function curveOf(prompts: readonly Prompt[], scores: readonly number[]) {
  return qualityCurve(sampleOf(prompts), orderByScore(scores), onceEach(prompts.length));
}

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

describe("apgr()", () => {
  it("is the area under the recovered gap", () => {
    expect(apgr(curveOf(PROMPTS, SCORES))).toBeCloseTo(0.625, 12);
  });

  it("is undefined where the strong model is not better", () => {
    expect(apgr(curveOf([{ weak: 1, strong: 0 }], [1]))).toBeNaN();
  });
});

test.each([
  [0, 0],
  [0.5, 0.25],
  [0.75, 0.625],
  [1, 0.75],
])("cpt() recovers %d of the gap at %d strong calls", (target, share) => {
  expect(cpt(curveOf(PROMPTS, SCORES), target)).toBeCloseTo(share, 12);
});

test.each([
  [0.25, 0.125],
  [0.5, 0],
  [0.625, 0.0625],
  [1, 0],
])("liftAtShare() at %d strong calls is %d", (share, lift) => {
  expect(liftAtShare(curveOf(PROMPTS, SCORES), share)).toBeCloseTo(lift, 12);
});

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

test.each([
  [[1, 2, 3, 4], [0, 0, 1, 1], [1, 1, 1, 1], 1],
  [[4, 3, 2, 1], [0, 0, 1, 1], [1, 1, 1, 1], 0],
  [[1, 1, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1], 0.5],
  [[1, 2, 2, 3], [0, 0, 1, 1], [1, 1, 1, 1], 0.875],
  [[1, 2, 3], [0, 1, 0], [3, 1, 1], 0.75],
  [[1, 2], [1, 1], [1, 1], Number.NaN],
])("auroc() of %j with labels %j, each %j times, is %d", (scores, labels, counts, expected) => {
  const [flags, times] = [Uint8Array.from(labels), Uint8Array.from(counts)];
  expect(auroc(orderByScore(scores), flags, times)).toBe(expected);
});

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

describe("calibrationError()", () => {
  const predicted = Float64Array.from([0.05, 0.05, 0.95, 1]);

  it("is 0 where the chances come true", () => {
    const observed = Float64Array.from([0.1, 0, 1, 0.95]);
    expect(calibrationError({ predicted, observed }, onceEach(4))).toBeCloseTo(0, 12);
  });

  it("is the mean distance of the bins", () => {
    const observed = Float64Array.from([1, 1, 0, 0]);
    expect(calibrationError({ predicted, observed }, onceEach(4))).toBeCloseTo((0.95 + 0.975) / 2, 12);
    expect(calibrationBins({ predicted, observed }, onceEach(4))).toMatchObject([
      { from: 0, to: 0.1, prompts: 2, observed: 1 },
      { from: 0.9, to: 1, prompts: 2, predicted: 0.975 },
    ]);
  });
});
