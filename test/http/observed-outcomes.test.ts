import { describe, expect, test } from "vitest";
import { readLoggingPayload } from "../../src/http/logging-payload.ts";
import { createObservedOutcomes } from "../../src/http/observed-outcomes.ts";
import type { Outcome } from "../../src/log/outcome.ts";
import { loggingPayload } from "../support/logging-payload.ts";

function outcome(changed: Partial<Outcome> = {}): Outcome {
  const read = readLoggingPayload(loggingPayload(), "callback");
  if (read === "skip" || "refused" in read) throw new Error("Cannot read the payload");
  return { ...read, ...changed };
}

describe("createObservedOutcomes()", () => {
  test("knows a repeat, whoever reports it", () => {
    const isNew = createObservedOutcomes();
    expect([isNew(outcome()), isNew(outcome()), isNew(outcome({ source: "generic_api" }))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    { decisionId: "another" },
    { status: "failure" },
    { servedBy: "large" },
    { reportedMs: 1 },
  ] as const)("takes one with another %j for new", (changed) => {
    const isNew = createObservedOutcomes();
    expect([isNew(outcome()), isNew(outcome(changed))]).toEqual([true, true]);
  });

  test("remembers the newest 4,096", () => {
    const isNew = createObservedOutcomes();
    for (let ms = 0; ms < 4_097; ms += 1) isNew(outcome({ reportedMs: ms }));
    expect([isNew(outcome({ reportedMs: 1 })), isNew(outcome({ reportedMs: 0 }))]).toEqual([false, true]);
  });
});
