import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../src/log/outcome.ts";
import { type OutcomeRow, toOutcomeRow } from "../../src/log/outcome-row.ts";
import { outcomeUpsert } from "../../src/log/outcome-upsert.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await cloneDatabase();
});
afterEach(() => database.drop());

const newId = createUuid7({ now: Date.now, random: Math.random });
const startMs = Date.now() - 60_000;

/** A report of the second, after the start, on what `model` did. */
function rowOf(decisionId: string, second: number, changed: Partial<Outcome> = {}): OutcomeRow {
  const outcome: Outcome = {
    decisionId,
    reportedMs: startMs + second * 1_000,
    status: "success",
    errorClass: null,
    httpStatus: 200,
    method: "auto",
    appliedModel: "small",
    deniedModels: ["large"],
    servedBy: "small",
    promptTokens: 11,
    completionTokens: 7,
    reasoningTokens: 3,
    cachedTokens: 4,
    costUsd: 0.5,
    latencyMs: 1_200.5,
    ttftMs: 80,
    fallbackDepth: 0,
    retries: 0,
    finishReason: "stop",
    toolCalls: ["look_up"],
    stream: true,
    cacheHit: false,
    litellmCallId: null,
    source: "callback",
    ...changed,
  };
  const privacy = { storeText: "full", hashKey: Buffer.alloc(32) } as const;
  return toOutcomeRow(outcome, { privacy, costs: { costUsd: 0.5, baselineCostUsd: 2 }, now: new Date() });
}

const failed: Partial<Outcome> = {
  status: "failure",
  errorClass: "Timeout",
  httpStatus: 408,
  servedBy: "flaky",
};

/** Stores batches one after another, and gives what is there then, without what a row always has. */
async function store(...batches: readonly (readonly OutcomeRow[])[]) {
  for (const batch of batches) await database.query(outcomeUpsert, [JSON.stringify(batch)]);
  return database.query("SELECT status, served_by, error_class, reported_at FROM routing_outcomes");
}

describe("outcomeUpsert", () => {
  test("stores every column of the table from a row of its own making", async () => {
    const row = rowOf(newId(), 1);
    await store([row]);
    const [stored] = await database.query("SELECT * FROM routing_outcomes");
    expect(stored).toEqual({ ...row, reported_at: new Date(row.reported_at) });
  });

  test("replaces every column but the key", async () => {
    const id = newId();
    await store([rowOf(id, 1, failed)]);
    const better = rowOf(id, 2, {
      appliedModel: "b",
      deniedModels: [],
      promptTokens: 1,
      source: "generic_api",
    });
    await store([better]);
    const [stored] = await database.query("SELECT * FROM routing_outcomes");
    expect(stored).toEqual({ ...better, reported_at: new Date(better.reported_at) });
  });

  test.each([
    { title: "a success after a failure", seconds: [1, 2] },
    { title: "a success that was reported before the failure", seconds: [2, 1] },
  ] as const)("lets success beat failure: $title", async ({ seconds: [failedAt, succeededAt] }) => {
    const id = newId();
    const rows = [rowOf(id, failedAt, failed), rowOf(id, succeededAt)];
    expect(await store(rows)).toMatchObject([{ status: "success", served_by: "small", error_class: null }]);
    const other = newId();
    const [first, second] = [rowOf(other, failedAt, failed), rowOf(other, succeededAt)];
    await store([second], [first]);
    const [stored] = await database.query("SELECT status FROM routing_outcomes WHERE decision_id = $1", [
      other,
    ]);
    expect(stored).toEqual({ status: "success" });
  });

  test("lets the later of two alike count, in whichever order they arrive", async () => {
    const id = newId();
    const [early, late] = [rowOf(id, 1, failed), rowOf(id, 2, { ...failed, servedBy: "side" })];
    expect(await store([early], [late], [early])).toMatchObject([{ served_by: "side" }]);
  });

  test("changes nothing where a report comes twice, in one batch or in two", async () => {
    const row = rowOf(newId(), 1);
    const before = await store([row, row]);
    const [{ xmin } = {}] = await database.query("SELECT xmin::text FROM routing_outcomes");
    expect(await store([row])).toEqual(before);
    expect(await database.query("SELECT xmin::text FROM routing_outcomes")).toEqual([{ xmin }]);
  });

  test("stores the outcomes of many decisions in one statement", async () => {
    const rows = Array.from({ length: 50 }, () => rowOf(newId(), 1));
    expect(await store([...rows, ...rows])).toHaveLength(50);
  });
});
