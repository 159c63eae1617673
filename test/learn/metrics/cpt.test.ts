import { expect, test } from "vitest";
import { cpt } from "../../../src/learn/metrics/cpt.ts";
import { curveOf, PROMPTS, SCORES } from "./four-prompts.ts";

test.each([
  [0, 0],
  [0.5, 0.25],
  [0.75, 0.625],
  [1, 0.75],
])("cpt() recovers %d of the gap at %d strong calls", (target, share) => {
  expect(cpt(curveOf(PROMPTS, SCORES), target)).toBeCloseTo(share, 12);
});
