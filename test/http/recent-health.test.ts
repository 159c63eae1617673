import { describe, expect, it } from "vitest";
import { createHealthRecord } from "../../src/decide/model-health.ts";
import { createRecentHealth } from "../../src/http/recent-health.ts";

const failure = { model: "a", result: "failed", latencyMs: null, ttftMs: null } as const;

describe("createRecentHealth()", () => {
  it("reads again after 200 ms, and after a clock was set back", () => {
    const record = createHealthRecord();
    let nowMs = 10_000;
    const read = createRecentHealth(record, () => nowMs);
    expect(read().size).toBe(0);
    record.observe(failure, nowMs);
    nowMs += 199;
    expect(read().size).toBe(0);
    nowMs += 1;
    expect(read().get("a")?.errorRate).toBe(1);
    record.observe({ ...failure, model: "b" }, nowMs);
    nowMs -= 5_000;
    expect(read().size).toBe(2);
  });
});
