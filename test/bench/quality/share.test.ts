import { describe, expect, test } from "vitest";
import { showShare, wilsonInterval } from "../../../bench/quality/share.ts";

describe("wilsonInterval()", () => {
  // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
  test.each([
    { count: 81, of: 263, low: 0.2553, high: 0.3662 },
    { count: 15, of: 148, low: 0.0624, high: 0.1605 },
    { count: 0, of: 20, low: 0, high: 0.1611 },
    { count: 1, of: 29, low: 0.0061, high: 0.1718 },
  ])("gives the published interval of $count in $of", ({ count, of, low, high }) => {
    const interval = wilsonInterval({ count, of });
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });
});

describe("showShare()", () => {
  test("shows a share with its interval, and nothing of nothing", () => {
    expect(showShare({ count: 15, of: 148 })).toBe("10.1 [6.2, 16.0] %");
    expect(showShare({ count: 0, of: 0 })).toBe("-");
  });
});
