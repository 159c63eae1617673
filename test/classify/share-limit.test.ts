import { describe, expect, it } from "vitest";
import { ShareLimit } from "../../src/classify/share-limit.ts";

/** Asks at each of these times, in milliseconds; tells how many were let through. */
function letThrough(limit: ShareLimit, timesMs: readonly number[]): number {
  return timesMs.filter((at) => {
    limit.see(at);
    return limit.take(at);
  }).length;
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, at) => 1e6 + at * ms);

describe("ShareLimit", () => {
  it("lets its share of a minute's requests through and no more", () => {
    expect(letThrough(new ShareLimit(0.15), every(10, 1_000))).toBe(150);
  });

  it("forgets what is older than a minute", () => {
    const limit = new ShareLimit(0.15);
    expect(letThrough(limit, every(10, 100))).toBe(15);
    expect(letThrough(limit, [1e6 + 59_000])).toBe(0);
    expect(letThrough(limit, [1e6 + 62_000])).toBe(1);
  });

  it("lets one a minute through where there are few", () => {
    expect(letThrough(new ShareLimit(0.15), every(20_000, 6))).toBe(2);
  });

  it.each([
    [0, 0],
    [1, 50],
  ])("with a share of %d lets %i of 50 through", (share, count) => {
    expect(letThrough(new ShareLimit(share), every(100, 50))).toBe(count);
  });
});
