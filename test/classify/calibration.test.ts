import { expect, test } from "vitest";
import { calibrate } from "../../src/classify/calibration.ts";

test("calibrate() is monotone and keeps to 0..100", () => {
  const scores = Array.from({ length: 1_101 }, (_, i) => calibrate(i / 10 - 5));
  expect(scores).toEqual([...scores].sort((a, b) => a - b));
  expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...scores)).toBe(100);
});

test("calibrate() lets every whole score be reached", () => {
  const reached = new Set(Array.from({ length: 10_001 }, (_, i) => Math.round(calibrate(i / 100))));
  expect(reached.size).toBe(101);
});
