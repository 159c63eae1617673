import { type Curve, qualityCurve } from "../../../src/learn/metrics/quality-curve.ts";
import { orderByScore } from "../../../src/learn/order.ts";
import { onceEach } from "../../../src/learn/sample.ts";
import { type Prompt, sampleOf } from "../sample-of.ts";

/** Four prompts, the weak model fails on two; the score finds one of those first, the other one third. */
export const PROMPTS: readonly Prompt[] = [
  { weak: 0, strong: 1, weakCost: 1, strongCost: 10 },
  { weak: 1, strong: 1, weakCost: 1, strongCost: 10 },
  { weak: 0, strong: 1, weakCost: 1, strongCost: 20 },
  { weak: 1, strong: 1, weakCost: 1, strongCost: 40 },
];
/** The score of each prompt. */
export const SCORES = [9, 7, 5, 3];

/** The curve of a score on prompts. */
export function curveOf(prompts: readonly Prompt[], scores: readonly number[]): Curve {
  return qualityCurve(sampleOf(prompts), orderByScore(scores), onceEach(prompts.length));
}
