import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findDecision } from "../../../src/log/queries/find-decision.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { idAt, insertDecision, insertFeedback, insertOutcome } from "./log-rows.ts";

const at = new Date("2026-03-01T12:00:00.123Z");

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test("findDecision() gives the trace, the outcome, feedback and labels", async () => {
  const trace = [{ step: "tier", tier: "simple", because: 'score 20 "is" \n in simple' }];
  const id = await insertDecision(database, at, { trace, user_text: "hi", tags: ["a"] });
  await insertOutcome(database, id, { tool_calls: ["search"], denied_models: ["big"] });
  await insertFeedback(database, id, {
    created_at: "2026-03-02T00:00:00Z",
    rating: "down",
    comment: "wrong",
  });
  await insertFeedback(database, id, { created_at: "2026-03-01T13:00:00Z", expected_tier: "complex" });
  await database.query(
    `INSERT INTO routing_labels (decision_id, source, value, created_at)
     VALUES ($1, 'implicit:error', 1, now()), ($1, 'implicit:cut_answer', 0.5, now())`,
    [id],
  );
  const found = await findDecision(client, id);
  expect(found?.decision).toMatchObject({
    id,
    trace,
    user_text: "hi",
    tags: ["a"],
    score: 20,
    strategy: "static",
  });
  expect(new Date(String(found?.decision.timestamp))).toEqual(at);
  expect(found?.outcome).toMatchObject({ status: "success", tool_calls: ["search"], denied_models: ["big"] });
  expect(found?.feedback).toMatchObject([
    { rating: "up", expected_tier: "complex", comment: null },
    { rating: "down", expected_tier: null, comment: "wrong" },
  ]);
  expect(found?.labels).toMatchObject([
    { source: "implicit:cut_answer", value: 0.5 },
    { source: "implicit:error", value: 1 },
  ]);
});

test("findDecision() gives a decision of which nothing else is known", async () => {
  const id = await insertDecision(database, at);
  expect(await findDecision(client, id)).toMatchObject({
    decision: { id },
    outcome: null,
    feedback: [],
    labels: [],
  });
});

test("findDecision() finds every column of the table but the embedding", async () => {
  const id = await insertDecision(database, at);
  const columns = await database.query(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = 'routing_logs'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'embedding'`,
  );
  const found = await findDecision(client, id);
  expect(Object.keys(found?.decision ?? {}).sort()).toEqual(columns.map(({ name }) => name).sort());
});

test("findDecision() finds nothing of an id that never was", async () => {
  expect(await findDecision(client, idAt(at))).toBe(null);
});
