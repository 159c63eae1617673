import { describe, expect, it } from "vitest";
import { calibrationBins, calibrationError } from "../../../src/learn/metrics/calibration-error.ts";
import { onceEach } from "../../../src/learn/sample.ts";

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
