import { expect, test } from "vitest";
import { auroc, bootstrapInterval } from "../../bench/auroc.ts";

test.each([
  [[1, 2, 3, 4], [false, false, true, true], 1],
  [[4, 3, 2, 1], [false, false, true, true], 0],
  [[1, 1, 1, 1], [false, true, false, true], 0.5],
  [[1, 2, 2, 3], [false, false, true, true], 0.875],
])("auroc() of %j with labels %j is %d", (scores, labels, expected) => {
  expect(auroc(scores, labels)).toBe(expected);
});

test("bootstrapInterval() surrounds the figure and is the same each time", () => {
  const scores = Array.from({ length: 200 }, (_, i) => (i * 7) % 50);
  const labels = scores.map((score, i) => score + (i % 30) > 40);
  const [low, high] = bootstrapInterval(scores, labels);
  const figure = auroc(scores, labels);
  expect(low).toBeLessThan(figure);
  expect(high).toBeGreaterThan(figure);
  expect(bootstrapInterval(scores, labels)).toEqual([low, high]);
});
