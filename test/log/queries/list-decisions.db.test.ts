import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maintain } from "../../../src/log/maintain.ts";
import type { DecisionFilter } from "../../../src/log/queries/decision-filter.ts";
import { listDecisions } from "../../../src/log/queries/list-decisions.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { insertDecision, insertFeedback, insertOutcome } from "./log-rows.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const now = Date.now();
const ago = (ms: number) => new Date(now - ms);

let database: TestDatabase;
let client: Client;
/** By what is special about them; the newest first. */
const ids: Record<string, string> = {};
beforeAll(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await maintain(client, { aheadDays: 2, retentionDays: 90, oldestWaiting: ago(20 * DAY_MS) });
  const make = async (name: string, msAgo: number, changes: Record<string, unknown> = {}) => {
    ids[name] = await insertDecision(database, ago(msAgo), changes);
  };
  await make("plain", HOUR_MS);
  await make("tier", 2 * HOUR_MS, { tier: "complex", score: 80 });
  await make("method", 3 * HOUR_MS, { method: "pattern" });
  await make("strategy", 26 * HOUR_MS, { strategy: "ml", score: 50 });
  await make("resolved", 2 * DAY_MS, { resolved_model: "large" });
  await make("original", 3 * DAY_MS, { original_model: "claude-3" });
  await make("key", 8 * DAY_MS, { key_hash: "k1" });
  await make("team", 9 * DAY_MS, { team_id: "t1" });
  await make("user", 19 * DAY_MS, { user_id: "u1", score: null });
  // Where no partition is: it is in the default one.
  await make("conversation", 60 * DAY_MS, { conversation_id: "c1" });
  await insertOutcome(database, ids.plain ?? "", {
    status: "failure",
    error_class: "Timeout",
    cost_usd: null,
  });
  await insertOutcome(database, ids.tier ?? "", { latency_ms: 1_500, cache_hit: true });
  await insertOutcome(database, ids.key ?? "", { status: "cancelled" });
  await insertFeedback(database, ids.method ?? "", { rating: "down" });
  await insertFeedback(database, ids.method ?? "", { rating: "down" });
  await insertFeedback(database, ids.method ?? "", { rating: "up" });
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const list = (filter: DecisionFilter, before: string | null = null, limit = 50) =>
  listDecisions(client, { filter, before, limit });

/** Names of the decisions that are listed. */
async function namesOf(filter: DecisionFilter): Promise<(string | undefined)[]> {
  const nameOf = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return (await list(filter)).map(({ id }) => nameOf.get(id));
}

test("listDecisions() lists all decisions, newest first", async () => {
  expect(await namesOf({})).toEqual(Object.keys(ids));
});

describe("listDecisions() filters by", () => {
  const cases: readonly [string, DecisionFilter, readonly string[]][] = [
    ["tier", { tier: "complex" }, ["tier"]],
    ["method", { method: "pattern" }, ["method"]],
    ["strategy", { strategy: "ml" }, ["strategy"]],
    ["resolved model", { resolvedModel: "large" }, ["resolved"]],
    ["original model", { originalModel: "claude-3" }, ["original"]],
    ["key", { keyHash: "k1" }, ["key"]],
    ["team", { teamId: "t1" }, ["team"]],
    ["user", { userId: "u1" }, ["user"]],
    ["conversation", { conversationId: "c1" }, ["conversation"]],
    ["lowest score", { minScore: 50 }, ["tier", "strategy"]],
    ["both scores", { minScore: 50, maxScore: 79.9 }, ["strategy"]],
    ["failure", { status: "failure" }, ["plain"]],
    ["success", { status: "success" }, ["tier"]],
    ["cancelled", { status: "cancelled" }, ["key"]],
    ["rating", { rating: "down" }, ["method"]],
    [
      "time",
      { since: ago(4 * DAY_MS), until: ago(2 * HOUR_MS) },
      ["method", "strategy", "resolved", "original"],
    ],
    ["the first moment, not the last", { since: ago(3 * HOUR_MS), until: ago(HOUR_MS) }, ["tier", "method"]],
    ["all at once", { tier: "complex", status: "success", minScore: 80, method: "auto" }, ["tier"]],
    ["what nothing fits", { tier: "complex", status: "failure" }, []],
  ];
  for (const [what, filter, names] of cases) {
    test(what, async () => expect(await namesOf(filter)).toEqual(names));
  }
});

test("listDecisions() gives pages that go on where the last one ended, across gaps of days", async () => {
  const pages: string[] = [];
  for (let before: string | null = null; ; ) {
    const page = await list({}, before, 3);
    pages.push(...page.map(({ id }) => id));
    if (page.length < 3) break;
    before = page.at(-1)?.id ?? null;
  }
  expect(pages).toEqual(Object.values(ids));
});

test("listDecisions() gives the outcome and counts the feedback", async () => {
  const rows = await list({});
  const row = (name: string) => rows.find(({ id }) => id === ids[name]);
  expect(row("tier")).toMatchObject({
    timestamp: ago(2 * HOUR_MS),
    tier: "complex",
    score: 80,
    status: "success",
    cost_usd: 0.001,
    latency_ms: 1_500,
    cache_hit: true,
    feedback_up: 0,
    feedback_down: 0,
  });
  expect(row("plain")).toMatchObject({ status: "failure", error_class: "Timeout", cost_usd: null });
  expect(row("method")).toMatchObject({ status: null, latency_ms: null, feedback_up: 1, feedback_down: 2 });
});
