import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recorder } from "../../src/log/recorder.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { cloneDatabase, emptyDatabase, type TestDatabase } from "../support/database.ts";
import { openTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { openTestLog, outboxRoot } from "../support/test-log.ts";
import { until } from "../support/until.ts";
import { makeRecord, storedTrace } from "./decision-record.ts";

const CLOSE_MS = 20_000;
const MIB = 2 ** 20;

let database: TestDatabase;
let events: Record<string, unknown>[];
beforeEach(async () => {
  database = await cloneDatabase();
  events = [];
});
afterEach(() => database.drop());

function open(options: Partial<Parameters<typeof openTestLog>[0]> = {}): Recorder {
  const note = (fields: unknown) => void events.push(Object.assign({}, fields));
  return openTestLog({ databaseUrl: database.url, logger: { info: note, warn: note }, ...options });
}

/** Figures of the decisions. */
const flowOf = (recorder: Recorder) => recorder.status().tables.routing_logs;

function expectBalance(recorder: Recorder): void {
  for (const { accepted, stored, waiting, dropped } of Object.values(recorder.status().tables)) {
    expect(stored + waiting + Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(accepted);
  }
}

const idsInDatabase = async () =>
  (await database.query("SELECT id FROM routing_logs ORDER BY id")).map(({ id }) => id);

async function recordMany(recorder: Recorder, count: number): Promise<string[]> {
  const records = Array.from({ length: count }, () => makeRecord());
  for (const record of records) {
    recorder.record(record);
    expectBalance(recorder);
  }
  return records.map(({ id }) => id);
}

describe("record()", () => {
  test("stores a row whose values arrive", async () => {
    const recorder = open();
    const tags = ['quote " and \\ backslash', "comma, {brace}", "", "NULL", "ünï 😀"];
    const record = makeRecord({
      text: "line one\nline 'two' 😀",
      request: { tags },
      at: new Date(1_700_000_000_123),
    });
    recorder.record(record);
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toEqual({ accepted: 1, stored: 1, waiting: 0, dropped: {} });
    const [row] = await database.query("SELECT * FROM routing_logs");
    expect(row).toMatchObject({
      id: record.id,
      timestamp: new Date(1_700_000_000_123),
      user_text: "line one\nline 'two' 😀",
      tier: "medium",
      strategy: "static",
      score: 47.3,
      confidence: null,
      original_model: "auto",
      resolved_model: "gpt-5-mini",
      tags,
      trace: storedTrace,
      estimated_cost_usd: 0.00125,
      decide_us: 31,
      embedding: null,
      features: [20, 0.7, 0.05],
      feature_version: "1",
    });
  });

  test("stores hostile text: NUL, lone surrogates, emoji, in texts, names, tags and traces", async () => {
    const recorder = open();
    const hostile = "a\u0000b\ud800c😀\udc00\\u0000'\"";
    const trace = [{ step: "read", wire: "chat", notes: [{ path: hostile, note: hostile }] }] as const;
    const request = { tags: [hostile], sessionId: hostile, systemText: hostile, callId: hostile };
    const decision = { requestedModel: hostile, model: hostile, reason: hostile, trace };
    recorder.record(
      makeRecord({ text: hostile, request, decision, caller: { userId: hostile, keyHash: hostile } }),
    );
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toMatchObject({ stored: 1, dropped: {} });
    const [row] = await database.query("SELECT user_text, tags, trace FROM routing_logs");
    const clean = "a\ufffdb\ufffdc😀\ufffd\\u0000'\"";
    expect(row).toMatchObject({ user_text: clean, tags: [clean] });
  });

  test("keeps a row out that PostgreSQL refuses, and stores the others of its batch", async () => {
    const root = outboxRoot();
    const recorder = open({ outboxRoot: root });
    const good = [makeRecord(), makeRecord(), makeRecord()];
    const bad = makeRecord({ id: "no uuid at all" });
    for (const record of [...good.slice(0, 2), bad, ...good.slice(2)]) recorder.record(record);
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toEqual({ accepted: 4, stored: 3, waiting: 0, dropped: { poison: 1 } });
    expect(await idsInDatabase()).toEqual(good.map(({ id }) => id));
    const file = join(root, "quarantine", "routing_logs.ndjson");
    const event = { event: "log_row_refused", table: "routing_logs", sqlState: "22P02", file };
    expect(events).toContainEqual(event);
    const [kept, ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(rest).toEqual([]);
    expect(JSON.parse(kept ?? "")).toMatchObject({
      sqlState: "22P02",
      error: 'invalid input syntax for type uuid: "no uuid at all"',
      row: { id: "no uuid at all", tier: "medium" },
    });
  });

  test("stores a record once that is given twice", async () => {
    const recorder = open();
    const record = makeRecord();
    recorder.record(record);
    await until(() => flowOf(recorder).stored === 1);
    recorder.record(record);
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual([record.id]);
  });

  test("drops and counts what comes while the outbox is full, and takes rows again when there is room", async () => {
    const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";
    const recorder = open({ databaseUrl, outboxMaxBytes: 2 * MIB });
    for (let count = 0; count < 10; count += 1) recorder.record(makeRecord({ text: "x".repeat(MIB / 4) }));
    const { waiting, dropped } = flowOf(recorder);
    expect(dropped).toEqual({ outbox_full: 10 - waiting });
    expect(waiting).toBeGreaterThan(4);
    expectBalance(recorder);
    expect(recorder.status().alarms.join()).toContain("outbox_full");
    await recorder.close(0);
  });

  test("drops and counts what comes after close()", async () => {
    const recorder = open();
    await recorder.close(CLOSE_MS);
    recorder.record(makeRecord());
    expect(flowOf(recorder)).toMatchObject({ accepted: 1, dropped: { closed: 1 } });
  });
});

describe("a recorder that is opened again", () => {
  const away = "postgres://nobody@127.0.0.1:1/nothing";

  test("stores what the one before it left, and counts it", async () => {
    const root = outboxRoot();
    const first = open({ databaseUrl: away, outboxRoot: root });
    const ids = await recordMany(first, 30);
    await first.close(0);
    expect(flowOf(first)).toEqual({ accepted: 30, stored: 0, waiting: 30, dropped: {} });
    const second = open({ outboxRoot: root });
    expect(flowOf(second)).toMatchObject({ accepted: 30, waiting: 30 });
    ids.push(...(await recordMany(second, 5)));
    await second.close(CLOSE_MS);
    expect(flowOf(second)).toEqual({ accepted: 35, stored: 35, waiting: 0, dropped: {} });
    expect(await idsInDatabase()).toEqual(ids);
    expect(readdirSync(join(root, "1"))).toEqual(["lock"]);
  });

  test("shares its folder with another one, each with its own rows", async () => {
    const root = outboxRoot();
    const recorders = [open({ outboxRoot: root }), open({ outboxRoot: root })];
    const ids: string[] = [];
    for (const recorder of recorders) ids.push(...(await recordMany(recorder, 20)));
    for (const recorder of recorders) await recorder.close(CLOSE_MS);
    for (const recorder of recorders) expect(flowOf(recorder)).toMatchObject({ accepted: 20, stored: 20 });
    expect((await idsInDatabase()).sort()).toEqual(ids.sort());
  });
});

describe("a recorder whose disk refuses", () => {
  test("keeps rows in memory, stores them, and says what is wrong", async () => {
    const root = outboxRoot();
    mkdirSync(dirname(root), { recursive: true });
    writeFileSync(root, "a file where the folder should be");
    const recorder = open({ outboxRoot: root });
    const ids = await recordMany(recorder, 20);
    const { alarms, outbox } = recorder.status();
    expect(outbox?.diskError).toContain("ENOTDIR");
    expect(alarms.join()).toContain("the disk of the outbox refuses");
    expect(alarms).toContain("a kill would lose 20 rows: they wait in memory only");
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toEqual({ accepted: 20, stored: 20, waiting: 0, dropped: {} });
    expect(await idsInDatabase()).toEqual(ids);
  });

  test("counts what is lost when the process ends with the database away too", async () => {
    const root = outboxRoot();
    writeFileSync(root, "a file where the folder should be");
    const recorder = open({ outboxRoot: root, databaseUrl: "postgres://nobody@127.0.0.1:1/nothing" });
    await recordMany(recorder, 20);
    await recorder.close(0);
    expect(flowOf(recorder)).toEqual({ accepted: 20, stored: 0, waiting: 0, dropped: { closed: 20 } });
  });
});

describe("outcome()", () => {
  const outcome = (decision_id: string, changes: object = {}) => {
    return {
      decision_id,
      reported_at: new Date().toISOString(),
      status: "success",
      source: "callback",
      ...changes,
    };
  };

  test("stores an outcome before its decision and one that comes twice once", async () => {
    const recorder = open();
    const { id } = makeRecord();
    const row = outcome(id, { cost_usd: 0.25, denied_models: ["a", 'b"'], tool_calls: [] });
    expect(recorder.outcome(row)).toBeNull();
    expect(recorder.outcome(row)).toBeNull();
    await recorder.close(CLOSE_MS);
    expectBalance(recorder);
    expect(recorder.status().tables.routing_outcomes).toMatchObject({ accepted: 2, stored: 2 });
    const rows = await database.query("SELECT * FROM routing_outcomes");
    expect(rows).toMatchObject([
      { decision_id: id, cost_usd: 0.25, denied_models: ["a", 'b"'], tool_calls: [] },
    ]);
  });

  test("refuses ids that no decision has, and those of days that are gone, without an alarm", async () => {
    const recorder = open({ retentionDays: 30 });
    const daysAgo = (days: number) => {
      return createUuid7({ now: () => Date.now() - days * 86_400_000, random: Math.random })();
    };
    expect(recorder.outcome(outcome("0b9f8a0e-6d0b-4d2f-9a53-3f1f0a7f0001"))).toBe("unknown_decision");
    expect(recorder.outcome(outcome(daysAgo(-2)))).toBe("unknown_decision");
    expect(recorder.outcome(outcome(daysAgo(31)))).toBe("expired");
    expect(recorder.outcome(outcome(daysAgo(29)))).toBeNull();
    await recorder.close(CLOSE_MS);
    expect(recorder.status().tables.routing_outcomes).toEqual({
      accepted: 1,
      stored: 1,
      waiting: 0,
      dropped: {},
    });
    expect(recorder.status().alarms).toEqual([]);
  });
});

describe("openLog()", () => {
  test("brings the schema up to date by itself", async () => {
    const empty = await emptyDatabase();
    const recorder = open({ databaseUrl: empty.url });
    recorder.record(makeRecord());
    await recorder.close(CLOSE_MS);
    expect(await empty.query("SELECT count(*)::int AS rows FROM routing_logs")).toEqual([{ rows: 1 }]);
    await empty.drop();
  });

  test("writes nothing into a schema that is newer than the program, and says so", async () => {
    await database.query("INSERT INTO signalbox_migrations (id, name) VALUES (9000, '9000_future.sql')");
    const recorder = open();
    recorder.record(makeRecord());
    await until(() => recorder.status().lastError !== null);
    expect(recorder.status().lastError).toContain("found schema version 9000");
    await recorder.close(0);
    expect(flowOf(recorder)).toMatchObject({ accepted: 1, stored: 0, waiting: 1 });
  });
});

describe("a recorder whose database goes away", () => {
  let proxy: TcpProxy;
  let databaseUrl: string;
  beforeEach(async () => {
    const url = new URL(database.url);
    proxy = await openTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    databaseUrl = url.href;
  });
  afterEach(() => proxy.close());

  test("starts without it and stores all that waits once it is there", async () => {
    await proxy.cut();
    const recorder = open({ databaseUrl });
    const ids = await recordMany(recorder, 50);
    await until(() => recorder.status().lastError !== null);
    expect(flowOf(recorder)).toMatchObject({ stored: 0, waiting: 50 });
    expect(recorder.status().alarms.join()).toContain("the database takes no rows");
    await proxy.restore();
    await until(() => flowOf(recorder).stored === 50);
    await until(() => recorder.status().lastError === null);
    expect(recorder.status().alarms).toEqual([]);
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual(ids);
  });

  test("says that it went away also where no row comes, and that it is back", async () => {
    const recorder = open({ databaseUrl });
    const [decision_id = ""] = await recordMany(recorder, 1);
    const now = new Date().toISOString();
    recorder.outcome({ decision_id, ...{ reported_at: now, status: "success", source: "callback" } });
    recorder.feedback({ decision_id, ...{ id: decision_id, created_at: now, rating: "up", source: "api" } });
    const isIdle = () => Object.values(recorder.status().tables).every(({ stored }) => stored === 1);
    await until(isIdle);
    await proxy.cut();
    await until(() => recorder.status().lastError !== null);
    expect(recorder.status().alarms).toEqual([`the database takes no rows: ${recorder.status().lastError}`]);
    await proxy.restore();
    await until(() => recorder.status().lastError === null);
    expect(recorder.status().alarms).toEqual([]);
    await recorder.close(CLOSE_MS);
  });

  test("loses nothing and stores nothing twice when connections break again and again", async () => {
    const recorder = open({ databaseUrl });
    const ids: string[] = [];
    for (let round = 1; round <= 5; round += 1) {
      ids.push(...(await recordMany(recorder, 300)));
      const soFar = flowOf(recorder).stored;
      await until(() => flowOf(recorder).stored > soFar);
      await proxy.cut();
      ids.push(...(await recordMany(recorder, 100)));
      await proxy.restore();
    }
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toMatchObject({ accepted: 2_000, stored: 2_000, waiting: 0, dropped: {} });
    expect(await idsInDatabase()).toEqual(ids);
    expect(events.filter(({ event }) => event === "log_database_away").length).toBeGreaterThan(0);
  });

  test("closes by its deadline while the database does not answer", async () => {
    const recorder = open({ databaseUrl });
    recorder.record(makeRecord());
    await until(() => flowOf(recorder).stored === 1);
    proxy.swallow();
    recorder.record(makeRecord());
    const start = performance.now();
    await recorder.close(300);
    // An answer is given up after a minute by itself.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(flowOf(recorder)).toMatchObject({ accepted: 2, stored: 1, waiting: 1 });
  });
});
