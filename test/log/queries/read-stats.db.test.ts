import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { maintain } from "../../../src/log/maintain.ts";
import { readStats } from "../../../src/log/queries/read-stats.ts";
import { refreshDailyFigures } from "../../../src/log/refresh-daily-figures.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { insertDecision, insertOutcome } from "./log-rows.ts";

const DAY_MS = 86_400_000;
/** Noon of a day of UTC, so many days ago. */
const noon = (daysAgo: number) =>
  new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - daysAgo * DAY_MS + DAY_MS / 2);
const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const all = { since: dayOf(noon(60)), until: dayOf(noon(0)) };

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await maintain(client, { aheadDays: 2, retentionDays: 90, oldestWaiting: noon(10) });
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** So that the server's statistics have what this connection wrote. */
async function refresh(): Promise<void> {
  await client.query("SELECT pg_stat_force_next_flush()");
  await refreshDailyFigures(client);
}

describe("readStats()", () => {
  test("counts decisions and outcomes, tokens and cost", async () => {
    const [a, b] = [await insertDecision(database, noon(1)), await insertDecision(database, noon(1))];
    await insertOutcome(database, a, { cost_usd: 0.002 });
    await insertOutcome(database, b, {
      status: "failure",
      cost_usd: null,
      prompt_tokens: null,
      cache_hit: null,
    });
    await insertOutcome(database, await insertDecision(database, noon(1)), {
      status: "cancelled",
      cache_hit: true,
    });
    await insertDecision(database, noon(1), { classifier_cost_usd: 0.5 });
    const { total } = await readStats(client, all);
    expect(total).toMatchObject({
      requests: 4,
      outcomes: 3,
      failures: 1,
      cancelled: 1,
      cacheHits: 1,
      promptTokens: 200,
      completionTokens: 150,
      reasoningTokens: 30,
      cachedTokens: 60,
      costKnown: 2,
      classifierCostUsd: 0.5,
      errorRatio: 1 / 3,
    });
    expect(total.costUsd).toBeCloseTo(0.003, 9);
  });

  test("counts savings, signed, where both costs are known, and how many are not", async () => {
    const decide = (changes = {}) => insertDecision(database, noon(1), changes);
    await insertOutcome(database, await decide(), { cost_usd: 1, baseline_cost_usd: 3 });
    await insertOutcome(database, await decide({ classifier_cost_usd: 0.25 }), {
      cost_usd: 9,
      baseline_cost_usd: 2,
    });
    await insertOutcome(database, await decide(), { cost_usd: null, baseline_cost_usd: 100 });
    await insertOutcome(database, await decide(), { cost_usd: 100, baseline_cost_usd: null });
    await decide();
    // Of these nothing is to be known: nothing was compared, or nothing was changed.
    await insertOutcome(database, await decide({ baseline_model: null }), { baseline_cost_usd: null });
    await insertOutcome(database, await decide({ mode: "shadow" }), { baseline_cost_usd: 100 });
    const { total } = await readStats(client, all);
    expect(total).toMatchObject({ savingsUsd: 3 - 1 + (2 - 9 - 0.25), savingsKnown: 2, savingsUnknown: 3 });
  });

  test("counts no saving for what the cache answers: it does so for every model", async () => {
    const id = await insertDecision(database, noon(1));
    await insertOutcome(database, id, { cache_hit: true, cost_usd: 0, baseline_cost_usd: 5 });
    expect((await readStats(client, all)).total).toMatchObject({ savingsUsd: 0, savingsKnown: 1 });
  });

  test("groups by day, tier, model, method, strategy and category", async () => {
    await insertDecision(database, noon(3), { tier: null, strategy: null, method: "passthrough" });
    await insertDecision(database, noon(2), { resolved_model: "large", category: "math" });
    await insertDecision(database, noon(2), { category: "math" });
    const stats = await readStats(client, all);
    const counts = (groups: readonly { value: string | null; requests: number }[]) =>
      groups.map(({ value, requests }) => [value, requests]);
    expect(counts(stats.byDay)).toEqual([
      [dayOf(noon(3)), 1],
      [dayOf(noon(2)), 2],
    ]);
    expect(counts(stats.byTier)).toEqual([
      ["simple", 2],
      [null, 1],
    ]);
    expect(counts(stats.byModel)).toEqual([
      ["small", 2],
      ["large", 1],
    ]);
    expect(counts(stats.byMethod)).toEqual([
      ["auto", 2],
      ["passthrough", 1],
    ]);
    expect(counts(stats.byStrategy)).toEqual([
      ["static", 2],
      [null, 1],
    ]);
    expect(counts(stats.byCategory)).toEqual([
      ["math", 2],
      [null, 1],
    ]);
  });

  test("takes latencies of successes only", async () => {
    for (const latency_ms of [100, 100, 100, 4_000])
      await insertOutcome(database, await insertDecision(database, noon(1)), { latency_ms });
    await insertOutcome(database, await insertDecision(database, noon(1)), {
      status: "failure",
      latency_ms: 9e5,
    });
    const { p50, p99 } = (await readStats(client, all)).total.latencyMs ?? { p50: 0, p99: 0 };
    expect(Math.abs(p50 / 100 - 1)).toBeLessThan(0.19);
    expect(Math.abs(p99 / 4_000 - 1)).toBeLessThan(0.19);
  });

  test("keeps to the days that it is asked for", async () => {
    for (const daysAgo of [1, 2, 3, 4]) await insertDecision(database, noon(daysAgo));
    const { total, byDay } = await readStats(client, { since: dayOf(noon(3)), until: dayOf(noon(2)) });
    expect(total.requests).toBe(2);
    expect(byDay.map(({ value }) => value)).toEqual([dayOf(noon(3)), dayOf(noon(2))]);
  });

  test("of nothing is 0", async () => {
    const { total, byDay } = await readStats(client, all);
    expect(total).toMatchObject({
      requests: 0,
      costUsd: 0,
      savingsUsd: 0,
      errorRatio: null,
      latencyMs: null,
    });
    expect(byDay).toEqual([]);
  });
});

describe("readStats() after refreshDailyFigures()", () => {
  test("says the same as before, by figures that are stored", async () => {
    for (const daysAgo of [0, 1, 1, 5]) {
      const at = daysAgo === 0 ? new Date() : noon(daysAgo);
      const id = await insertDecision(database, at, { category: daysAgo === 1 ? "code" : "math" });
      await insertOutcome(database, id, { latency_ms: 100 * daysAgo });
    }
    const before = await readStats(client, all);
    await refresh();
    expect(await readStats(client, all)).toEqual(before);
    expect(before.byCategory.map(({ value }) => value)).toEqual(["code", "math"]);
    const stored = await database.query("SELECT sum(requests)::integer AS requests FROM routing_daily");
    expect(stored).toEqual([{ requests: 3 }]);
  });

  test("counts what came since, of today and of days before", async () => {
    await insertDecision(database, noon(2));
    await refresh();
    const late = await insertDecision(database, noon(2));
    await insertDecision(database, new Date());
    expect((await readStats(client, all)).total.requests).toBe(2);
    await insertOutcome(database, late, { cost_usd: 7 });
    await refreshUntil(async () => (await readStats(client, all)).total.requests === 3);
    expect((await readStats(client, all)).total).toMatchObject({ requests: 3, costUsd: 7 });
  });

  test("computes no day again of which nothing new came", async () => {
    await insertDecision(database, noon(2));
    await refreshUntil(async () => (await readStats(client, all)).total.requests === 1);
    const version = () => database.query("SELECT xmin FROM routing_daily WHERE day = $1", [dayOf(noon(2))]);
    const before = await version();
    await refresh();
    expect(await version()).toEqual(before);
  });

  test("keeps the figures of days whose partitions were dropped", async () => {
    await insertDecision(database, noon(8));
    await refresh();
    await maintain(client, { aheadDays: 2, retentionDays: 3, oldestWaiting: null });
    await refresh();
    expect(await database.query("SELECT count(*)::integer AS rows FROM routing_logs")).toEqual([{ rows: 0 }]);
    expect((await readStats(client, all)).total.requests).toBe(1);
  });
});

/** The statistics of other connections arrive a little later. */
async function refreshUntil(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  do await refresh();
  while (!(await isDone()) && Date.now() < deadline);
}
