import { describe, expect, it } from "vitest";
import { deadlineToTell, timeToDecide } from "../../src/http/route-deadline.ts";

describe("deadlineToTell()", () => {
  it.each([
    [null, 250],
    [100, 250],
    [3000, 3000],
  ])("for a timeout of the LLM of %s is %i ms", (timeoutMs, told) => {
    expect(deadlineToTell(timeoutMs)).toBe(told);
  });
});

describe("timeToDecide()", () => {
  it("leaves more than 30 ms of the deadline that the asker names", () => {
    expect(timeToDecide(3000)).toBe(2940);
    expect(timeToDecide(20)).toBe(0);
  });

  it("takes an asker that names none for one that waits the shortest time", () => {
    expect(timeToDecide(null)).toBe(timeToDecide(250));
  });
});
