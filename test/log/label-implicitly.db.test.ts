import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { labelImplicitly } from "../../src/log/label-implicitly.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { insertDecision, insertOutcome } from "./queries/log-rows.ts";

type Changes = Readonly<Record<string, unknown>>;

const MINUTE_MS = 60_000;
const start = Date.now() - 30 * MINUTE_MS;

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** A decision some minutes after the start, in the conversation c unless the changes say otherwise. */
function decide(minute: number, changes: Changes = {}): Promise<string> {
  const at = new Date(start + minute * MINUTE_MS);
  return insertDecision(database, at, { conversation_id: "c", key_hash: "k", user_id: "u", ...changes });
}

async function answered(minute: number, changes: Changes = {}, outcome: Changes = {}): Promise<string> {
  return insertOutcome(database, await decide(minute, changes), outcome);
}

async function labels(): Promise<Record<string, unknown>[]> {
  await labelImplicitly(client, new Date(start - MINUTE_MS));
  return database.query("SELECT decision_id, source, tier, value, note FROM routing_labels ORDER BY 1, 2");
}

describe("labelImplicitly() tells an error", () => {
  test("of the provider", async () => {
    const id = await answered(
      0,
      {},
      { status: "failure", http_status: 503, error_class: "ServiceUnavailableError" },
    );
    const note = "503 ServiceUnavailableError";
    expect(await labels()).toEqual([
      { decision_id: id, source: "implicit:error", tier: null, value: 1, note },
    ]);
  });

  test("from one of the client's own, and from a client that left", async () => {
    for (const http_status of [400, 401, 404, 422]) await answered(0, {}, { status: "failure", http_status });
    await answered(0, {}, { status: "failure", http_status: 429, error_class: "BudgetExceededError" });
    await answered(0, {}, { status: "cancelled", http_status: 499 });
    expect(await labels()).toEqual([]);
  });

  test("from a refusal of LiteLLM's own: of a limit that the caller is over, or of a guardrail that is away", async () => {
    await answered(0, {}, { status: "failure", http_status: 429, error_class: "ProxyRateLimitError" });
    await answered(1, {}, { status: "failure", http_status: 500, error_class: "HTTPException" });
    await answered(2, {}, { status: "failure", http_status: 500, error_class: "ProxyException" });
    expect(await labels()).toEqual([]);
  });

  test("from one of LiteLLM's own over a request that is not well formed, for which no model was asked", async () => {
    const own = { status: "failure", served_by: null };
    await answered(0, {}, { ...own, http_status: null, error_class: "TypeError" });
    await answered(0, {}, { ...own, http_status: 500, error_class: "APIConnectionError" });
    expect(await labels()).toEqual([]);
  });

  test("where nothing more is known, and where the provider's limit was reached", async () => {
    await answered(0, { conversation_id: null }, { status: "failure", http_status: null });
    const limit = { status: "failure", http_status: 429, error_class: "litellm.RateLimitError" };
    await answered(1, { conversation_id: null }, limit);
    expect(await labels()).toMatchObject([{ source: "implicit:error" }, { source: "implicit:error" }]);
  });
});

test("labelImplicitly() tells a cut answer", async () => {
  const id = await answered(0, {}, { finish_reason: "length" });
  await answered(1, { conversation_id: "d" }, { finish_reason: "stop" });
  expect(await labels()).toMatchObject([{ decision_id: id, source: "implicit:cut_answer", note: "length" }]);
});

describe("labelImplicitly() tells that somebody asked again", () => {
  const again = (id: string) => [{ decision_id: id, source: "implicit:asked_again", tier: null }];

  test("within ten minutes, with the same number of turns", async () => {
    const id = await answered(0);
    await decide(9);
    expect(await labels()).toMatchObject(again(id));
  });

  test("after leaving the answer", async () => {
    const id = await answered(0, {}, { status: "cancelled", latency_ms: null });
    await decide(1);
    expect(await labels()).toMatchObject(again(id));
  });

  test("whoever else began a conversation with the same words meanwhile", async () => {
    const id = await answered(0);
    await decide(1, { key_hash: "other", turn: 2 });
    await decide(2);
    expect(await labels()).toMatchObject(again(id));
  });

  const others: readonly [string, { first?: Changes; outcome?: Changes; next?: Changes; minute?: number }][] =
    [
      ["who goes on", { next: { turn: 2 } }],
      ["who comes later", { minute: 10.1 }],
      ["of another conversation", { next: { conversation_id: "d" } }],
      ["with another key", { next: { key_hash: "other" } }],
      ["as another user", { next: { user_id: "other" } }],
      ["for another end user", { next: { end_user_id: "other" } }],
      ["who has none", { first: { conversation_id: null }, next: { conversation_id: null } }],
      [
        "that goes on after a tool call",
        { outcome: { tool_calls: ["search"], finish_reason: "tool_calls" } },
      ],
      ["that tries again after a failure of its own", { outcome: { status: "failure", http_status: 400 } }],
      ["that asks beside, with another system text", { next: { system_prompt_hash: "title" } }],
      ["that asks twice at once", { outcome: { latency_ms: 90_000 } }],
    ];
  for (const [who, { first = {}, outcome = {}, next = {}, minute = 1 }] of others) {
    test(`from one ${who}`, async () => {
      await answered(0, first, outcome);
      await decide(minute, next);
      expect(await labels()).toEqual([]);
    });
  }
});

describe("labelImplicitly() tells that somebody turned to a dearer model", () => {
  const candidates = [
    { model: "small", tier: "simple", eligible: true, refusal: null, estimated_cost_usd: 0.001 },
    { model: "big", tier: "complex", eligible: true, refusal: null, estimated_cost_usd: 0.02 },
    { model: "tiny", tier: "simple", eligible: true, refusal: null, estimated_cost_usd: 0.0001 },
  ];
  const byName = (model: string, changes: Changes = {}): Changes => ({
    method: "passthrough",
    original_model: model,
    resolved_model: model,
    tier: null,
    strategy: null,
    score: null,
    turn: 2,
    estimated_cost_usd: null,
    ...changes,
  });

  test("that was a candidate, with its tier", async () => {
    await decide(0, { candidates });
    const last = await decide(2, { candidates, turn: 2 });
    await decide(3, byName("big", { turn: 3 }));
    await decide(4, byName("big", { turn: 4 }));
    const label = { decision_id: last, source: "implicit:escalated", tier: "complex", value: 1, note: "big" };
    expect(await labels()).toEqual([label]);
  });

  test("that was none, by its price for each token", async () => {
    const id = await decide(0, { candidates, input_tokens_estimate: 100, estimated_cost_usd: 0.001 });
    await decide(
      1,
      byName("other", { input_tokens_estimate: 300, estimated_cost_usd: 0.004, method: "alias" }),
    );
    expect(await labels()).toMatchObject([{ decision_id: id, tier: null, note: "other" }]);
  });

  const others: readonly [string, Changes, number][] = [
    ["a cheaper one", byName("tiny"), 1],
    ["the same one", byName("small"), 1],
    ["one whose price nobody knows", byName("unknown"), 1],
    [
      "one dearer for more text only",
      byName("other", { input_tokens_estimate: 900, estimated_cost_usd: 0.002 }),
      1,
    ],
    ["a dearer one later", byName("big"), 11],
    ["a dearer one with another key", byName("big", { key_hash: "other" }), 1],
    ["a dearer one as another user", byName("big", { user_id: "other" }), 1],
    ["a dearer one for another end user", byName("big", { end_user_id: "other" }), 1],
    ["a dearer one in another conversation", byName("big", { conversation_id: "d" }), 1],
    ["a dearer one that was routed to", byName("big", { method: "auto" }), 1],
  ];
  for (const [what, changes, minute] of others) {
    test(`from one who turned to ${what}`, async () => {
      await decide(0, { candidates });
      await decide(minute, changes);
      expect(await labels()).toEqual([]);
    });
  }
});

test("labelImplicitly() adds nothing the second time, and leaves what is older than it is told", async () => {
  await answered(0, { conversation_id: null }, { finish_reason: "length" });
  const once = await labels();
  expect(once).toHaveLength(1);
  expect(await labels()).toEqual(once);
  await database.query("DELETE FROM routing_labels");
  await labelImplicitly(client, new Date(start + MINUTE_MS));
  expect(await database.query("SELECT FROM routing_labels")).toEqual([]);
});

test("labelImplicitly() touches no feedback", async () => {
  await answered(0, {}, { status: "failure", http_status: 500 });
  expect(await labels()).toHaveLength(1);
  expect(await database.query("SELECT FROM routing_feedback")).toEqual([]);
});
