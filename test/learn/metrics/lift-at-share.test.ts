import { expect, test } from "vitest";
import { liftAtShare } from "../../../src/learn/metrics/lift-at-share.ts";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

test.each([
  [0.25, 0.125],
  [0.5, 0],
  [0.625, 0.0625],
  [1, 0],
])("liftAtShare() at %d strong calls is %d", (share, lift) => {
  expect(liftAtShare(curveOf(PROMPTS, SCORES), share)).toBeCloseTo(lift, 12);
});
