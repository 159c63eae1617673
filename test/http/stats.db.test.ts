import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogReader, type LogReader } from "../../src/log/log-reader.ts";
import { insertDecision, insertOutcome } from "../log/queries/log-rows.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { createTestApp } from "../support/sidecar-app.ts";

const DAY_MS = 86_400_000;
/** Noon of a day of UTC, so many days ago. */
const noon = (daysAgo: number) =>
  new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - daysAgo * DAY_MS + DAY_MS / 2);
const day = (daysAgo: number) => noon(daysAgo).toISOString().slice(0, 10);

let database: TestDatabase;
let reader: LogReader;
let app: ReturnType<typeof createTestApp>["app"];
beforeAll(async () => {
  database = await cloneDatabase();
  reader = createLogReader(database.url);
  ({ app } = createTestApp({ logReader: reader }));
  await insertOutcome(database, await insertDecision(database, noon(1), { classifier_cost_usd: 0.002 }));
  const dear = await insertDecision(database, noon(1), { tier: "complex", resolved_model: "large" });
  await insertOutcome(database, dear, { cost_usd: 0.03, baseline_cost_usd: 0.01, latency_ms: 4_000 });
  const failed = await insertDecision(database, noon(2), { category: "code" });
  await insertOutcome(database, failed, { status: "failure", cost_usd: null, baseline_cost_usd: null });
  await insertDecision(database, noon(2), {
    ...{ tier: null, strategy: null, method: "passthrough", baseline_model: null },
  });
  await insertDecision(database, noon(10));
  for (const rollout of ["policy", "control", "control"]) {
    await insertOutcome(database, await insertDecision(database, noon(20), { rollout }));
  }
});
afterAll(async () => {
  await reader.close(0);
  await database.drop();
});

describe("GET /v1/stats", () => {
  it("counts the last seven days, and names the baseline", async () => {
    const { status, body } = await request(app).get("/v1/stats");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      since: day(6),
      until: day(0),
      baseline_model: "large",
      total: {
        requests: 4,
        outcomes: 3,
        failures: 1,
        cancelled: 0,
        cache_hits: 0,
        prompt_tokens: 300,
        completion_tokens: 150,
        cost_known_requests: 2,
        classifier_cost_usd: 0.002,
      },
    });
    expect(body.total.error_rate).toBeCloseTo(1 / 3);
    expect(body.total.cost_usd).toBeCloseTo(0.031);
    expect(body.total.latency_ms.p99 / 4_000).toBeGreaterThan(0.8);
    expect(body.total.latency_ms.p99 / 4_000).toBeLessThan(1.2);
  });

  it("tells savings with their sign, net of the classifier, and how many decisions they leave out", async () => {
    const { body } = await request(app).get("/v1/stats");
    // 0.01 - 0.001 - 0.002 saved, 0.01 - 0.03 lost.
    expect(body.total.savings).toEqual({
      usd: expect.closeTo(-0.013),
      requests: 2,
      unknown_cost_requests: 1,
    });
    const [complex] = body.by_tier.filter(({ tier }: { tier: string | null }) => tier === "complex");
    expect(complex.savings).toEqual({ usd: expect.closeTo(-0.02), requests: 1, unknown_cost_requests: 0 });
  });

  it("sets the two groups of a rollout beside each other", async () => {
    const { body } = await request(app).get(`/v1/stats?since=${day(21)}&until=${day(19)}`);
    expect(body.by_rollout).toMatchObject([
      { rollout: "control", requests: 2, outcomes: 2, cost_usd: expect.closeTo(0.002) },
      { rollout: "policy", requests: 1, outcomes: 1, cost_usd: expect.closeTo(0.001) },
    ]);
    const { body: now } = await request(app).get("/v1/stats");
    expect(now.by_rollout).toMatchObject([{ rollout: null, requests: 4 }]);
  });

  it("groups by day, tier, model, method, strategy and category", async () => {
    const { body } = await request(app).get("/v1/stats");
    const counts = (group: string, name: string) =>
      Object.fromEntries(
        body[group].map((row: Record<string, unknown>) => [String(row[name]), row.requests]),
      );
    expect(counts("by_day", "day")).toEqual({ [day(2)]: 2, [day(1)]: 2 });
    expect(counts("by_tier", "tier")).toEqual({ simple: 2, complex: 1, null: 1 });
    expect(counts("by_model", "model")).toEqual({ small: 3, large: 1 });
    expect(counts("by_method", "method")).toEqual({ auto: 3, passthrough: 1 });
    expect(counts("by_strategy", "strategy")).toEqual({ static: 3, null: 1 });
    expect(counts("by_category", "category")).toEqual({ code: 1, null: 3 });
    const [code] = body.by_category.filter(
      ({ category }: { category: string | null }) => category === "code",
    );
    expect(code).toMatchObject({ outcomes: 1, failures: 1, error_rate: 1 });
  });

  it("counts the days that it is asked for, both included", async () => {
    const { body } = await request(app)
      .get("/v1/stats")
      .query({ since: day(10), until: day(2) });
    expect(body.total.requests).toBe(3);
    const one = await request(app)
      .get("/v1/stats")
      .query({ until: day(2) });
    expect(one.body).toMatchObject({ since: day(8), until: day(2), total: { requests: 2 } });
    const none = await request(app).get("/v1/stats").query({ since: "2020-01-01", until: "2020-01-02" });
    expect(none.body).toMatchObject({
      total: { requests: 0, error_rate: null, latency_ms: null },
      by_day: [],
    });
  });

  it.each([
    ["since=2026-02-30", "since"],
    ["since=2026-01-31T12:00:00Z", "since"],
    ["since=2026-02-01&until=2026-01-31", "since: expected a day not after until"],
    ["since=0000-01-01", "since: expected a day from 1970-01-01 on"],
    ["until=0001-01-03", "until: expected a day from 1970-01-01 on"],
    ["days=7", 'found "days", expected since, until'],
  ])("refuses %s", async (query, message) => {
    const { status, body } = await request(app).get(`/v1/stats?${query}`);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });
});
