import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogReader, type LogReader } from "../../src/log/log-reader.ts";
import { insertDecision, insertFeedback, insertOutcome } from "../log/queries/log-rows.ts";
import { cloneDatabase, emptyDatabase, type TestDatabase } from "../support/database.ts";
import { createTestApp } from "../support/sidecar-app.ts";
import { openTcpProxy } from "../support/tcp-proxy.ts";

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

let database: TestDatabase;
let reader: LogReader;
let app: ReturnType<typeof createTestApp>["app"];
/** Ids of the stored decisions, newest first. */
let ids: string[];

beforeAll(async () => {
  database = await cloneDatabase();
  reader = createLogReader(database.url);
  ({ app } = createTestApp({ logReader: reader }));
  const oldest = await insertDecision(database, hoursAgo(30 * 24), {
    ...{ tier: null, strategy: null, score: null, method: "passthrough" },
    ...{ original_model: "large", resolved_model: "large", mode: "shadow", rollout: "control" },
  });
  const failed = await insertDecision(database, hoursAgo(3), {
    ...{ tier: "complex", score: 80, resolved_model: "large", category: "code", language: "de" },
    rollout: "policy",
    ...{ key_hash: "key-9", team_id: "team-9", user_id: "user-9", conversation_id: "talk & 9=😀" },
  });
  await insertOutcome(database, failed, { status: "failure", error_class: "Timeout", cost_usd: null });
  const newest = await insertDecision(database, hoursAgo(1), {
    user_text: "Why? 😀",
    trace: [{ step: "tier", tier: "simple", because: "it is" }],
  });
  await insertOutcome(database, newest);
  await insertFeedback(database, newest, { comment: "good" });
  await insertFeedback(database, newest, { rating: "down", expected_tier: "complex" });
  await database.query(
    "INSERT INTO routing_labels VALUES ($1, 'implicit:cut_answer', NULL, 1, 'length', now())",
    [newest],
  );
  ids = [newest, failed, oldest];
});
afterAll(async () => {
  await reader.close(0);
  await database.drop();
});

async function list(query: Record<string, string>): Promise<{ ids: string[]; next: string | null }> {
  const { status, body } = await request(app).get("/v1/decisions").query(query);
  expect(status, JSON.stringify(body)).toBe(200);
  return { ids: body.decisions.map(({ id }: { id: string }) => id), next: body.next };
}

describe("GET /v1/decisions", () => {
  it("lists decisions with their outcomes, newest first", async () => {
    const { body } = await request(app).get("/v1/decisions");
    expect(body.decisions.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(body.next).toBeNull();
    expect(body.decisions[0]).toMatchObject({
      tier: "simple",
      status: "success",
      cost_usd: 0.001,
      latency_ms: 1_000,
      feedback_up: 1,
      feedback_down: 1,
    });
    expect(body.decisions[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(body.decisions[1]).toMatchObject({ rollout: "policy", category: "code", language: "de" });
    expect(body.decisions[2]).toMatchObject({ tier: null, status: null, feedback_up: 0 });
  });

  it("goes through pages that miss and repeat nothing", async () => {
    const first = await list({ limit: "2" });
    expect(first).toEqual({ ids: ids.slice(0, 2), next: ids[1] });
    expect(await list({ limit: "2", before: first.next ?? "" })).toEqual({ ids: ids.slice(2), next: null });
    expect(await list({ limit: "3" })).toEqual({ ids, next: null });
  });

  it.each([
    [{ tier: "complex" }, [1]],
    [{ method: "passthrough" }, [2]],
    [{ strategy: "static" }, [0, 1]],
    [{ mode: "shadow" }, [2]],
    [{ mode: "enforce" }, [0, 1]],
    [{ rollout: "control" }, [2]],
    [{ rollout: "policy", mode: "shadow" }, []],
    [{ category: "code" }, [1]],
    [{ language: "de", category: "code" }, [1]],
    [{ language: "en" }, []],
    [{ model: "large" }, [1, 2]],
    [{ requested: "auto" }, [0, 1]],
    [{ key_hash: "key-9" }, [1]],
    [{ team_id: "team-9" }, [1]],
    [{ user_id: "user-9" }, [1]],
    [{ conversation_id: "talk & 9=😀" }, [1]],
    [{ status: "failure" }, [1]],
    [{ status: "success" }, [0]],
    [{ min_score: "20", max_score: "79.5" }, [0]],
    [{ rating: "down" }, [0]],
    [{ since: hoursAgo(4).toISOString() }, [0, 1]],
    [{ until: hoursAgo(2).toISOString() }, [1, 2]],
    [{ until: hoursAgo(48).toISOString().slice(0, 10) }, [2]],
    [{ since: "2026-01-31T12:00:00+02:00", tier: "complex", status: "failure" }, [1]],
    [{ tier: "simple", user_id: "user-9" }, []],
  ])("filters by %j", async (query, expected) => {
    const given = Object.fromEntries(Object.entries(query));
    expect((await list(given)).ids).toEqual(expected.map((at) => ids[at]));
  });

  it.each([
    ["tire=simple", 'found "tire", expected since, until, tier'],
    ["limit=0", "limit"],
    ["limit=201", "limit"],
    ["method=auto&method=alias", "method"],
    ["method=guess", "method"],
    ["category=poetry", "category"],
    ["language=klingon", "language"],
    ["rollout=both", "rollout"],
    ["mode=off", "mode"],
    ["min_score=101", "min_score"],
    ["min_score=-1", "min_score: expected a number"],
    ["since=yesterday", "since: expected a time such as"],
    ["before=7", "before"],
    ["user_id=a%00b", "user_id: expected a text without NUL"],
    [`tier=${"x".repeat(513)}`, "tier"],
    ["tier=", "tier"],
  ])("refuses %s", async (query, message) => {
    const { status, body } = await request(app).get(`/v1/decisions?${query}`);
    expect([status, body.error.type]).toEqual([400, "invalid_request"]);
    expect(body.error.message).toContain(message);
  });

  it("is for people: the callback's secret is not enough", async () => {
    const secrets = { callback: ["callback-secret-1"], feedback: [], admin: ["admin-secret-1234"] };
    const guarded = createTestApp({ secrets, logReader: reader }).app;
    for (const path of ["/v1/decisions", `/v1/decisions/${ids[0]}`, "/v1/stats"]) {
      const get = (secret: string) => request(guarded).get(path).set("Authorization", `Bearer ${secret}`);
      expect((await get("callback-secret-1")).status).toBe(401);
      expect((await get("admin-secret-1234")).status).toBe(200);
    }
  });
});

describe("GET /v1/decisions/{id}", () => {
  it("shows texts, steps, outcome, feedback and labels", async () => {
    const { status, body } = await request(app).get(`/v1/decisions/${ids[0]?.toUpperCase()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      decision: {
        id: ids[0],
        user_text: "Why? 😀",
        trace: [{ step: "tier", tier: "simple", because: "it is" }],
      },
      outcome: { status: "success", prompt_tokens: 100 },
      feedback: [
        { rating: "up", comment: "good" },
        { rating: "down", expected_tier: "complex" },
      ],
      labels: [{ source: "implicit:cut_answer", value: 1, note: "length" }],
    });
  });

  it("shows a decision without an outcome", async () => {
    const { body } = await request(app).get(`/v1/decisions/${ids[2]}`);
    expect(body).toMatchObject({ decision: { id: ids[2] }, outcome: null, feedback: [], labels: [] });
  });

  it("answers 404 for a decision that is not there, 400 for what is no id", async () => {
    const unknown = await request(app).get("/v1/decisions/01a1fa80-507c-760a-b2bc-469b6c9a707f");
    expect([unknown.status, unknown.body.error.type]).toEqual([404, "not_found"]);
    expect(unknown.body.error.message).toContain("waits to be stored");
    for (const id of ["7", "01a1fa80-507c-460a-b2bc-469b6c9a707f", "%00"]) {
      expect((await request(app).get(`/v1/decisions/${id}`)).status).toBe(400);
    }
    expect((await request(app).get(`/v1/decisions/${ids[0]}?tier=simple`)).status).toBe(400);
  });
});

describe("reading the log", () => {
  const PATHS = ["/v1/decisions", "/v1/decisions/01a1fa80-507c-760a-b2bc-469b6c9a707f", "/v1/stats"];

  it.each(PATHS)("answers 503 on %s where nothing is logged", async (path) => {
    const { status, body } = await request(createTestApp().app).get(path);
    expect([status, body.error.type]).toEqual([503, "unavailable"]);
    expect(body.error.message).toContain("collector.enabled");
  });

  it.each(PATHS)("answers 503 on %s while the database is away, and again when it is back", async (path) => {
    const proxy = await openTcpProxy(Number(new URL(database.url).port));
    const through = new URL(database.url);
    through.port = String(proxy.port);
    const away = createLogReader(through.href);
    const { app: asked } = createTestApp({ logReader: away });
    const first = (await request(asked).get(path)).status;
    expect(first).not.toBe(503);
    await proxy.cut();
    const { status, body } = await request(asked).get(path);
    expect([status, body.error.type]).toEqual([503, "unavailable"]);
    expect(body.error.message).toContain("its database does not answer");
    await proxy.restore();
    expect((await request(asked).get(path)).status).toBe(first);
    await away.close(0);
    await proxy.close();
  });

  it("answers 503 where the schema is not there yet", async () => {
    const empty = await emptyDatabase();
    const early = createLogReader(empty.url);
    const { status, body } = await request(createTestApp({ logReader: early }).app).get("/v1/decisions");
    expect(status).toBe(503);
    expect(body.error.message).toContain("signalbox migrate");
    await early.close(0);
    await empty.drop();
  });
});

describe("createLogReader()", () => {
  it("close() cuts off what waits for a silent database", async () => {
    const proxy = await openTcpProxy(Number(new URL(database.url).port));
    const through = new URL(database.url);
    through.port = String(proxy.port);
    const silent = createLogReader(through.href);
    await silent.find(ids[0] ?? "");
    proxy.swallow();
    const asked = silent.find(ids[0] ?? "").then(
      () => "an answer",
      (error: unknown) => (error instanceof Error ? error.name : "nothing"),
    );
    // The pool hands its connection out in a later turn.
    await new Promise(setImmediate);
    const startedMs = performance.now();
    await silent.close(50);
    expect(await asked).toBe("LogUnavailable");
    // An answer is given up after 12 s by itself.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await proxy.close();
  });
});
