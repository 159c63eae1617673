import { expect, test } from "vitest";
import { auroc } from "../../../src/learn/metrics/auroc.ts";
import { orderByScore } from "../../../src/learn/order.ts";

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
