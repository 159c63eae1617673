import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLog } from "../../src/log/open-log.ts";
import type { PostgresRecorderOptions } from "../../src/log/postgres-recorder.ts";
import type { Recorder } from "../../src/log/recorder.ts";
import { cloneDatabase, emptyDatabase, type TestDatabase } from "../support/database.ts";
import { openTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { makeRecord } from "./decision-record.ts";

const CLOSE_MS = 20_000;
const MIB = 2 ** 20;

let database: TestDatabase;
let events: Record<string, unknown>[];
beforeEach(async () => {
  database = await cloneDatabase();
  events = [];
});
afterEach(() => database.drop());

function open(options: Partial<PostgresRecorderOptions> = {}): Recorder {
  const note = (fields: unknown) => void events.push(Object.assign({}, fields));
  const logger = { info: note, warn: note };
  return openLog({
    databaseUrl: database.url,
    storeText: "full",
    hashKey: Buffer.alloc(32, 1),
    logger,
    ...options,
  });
}

function sumOf({ stored, waiting, dropped }: ReturnType<Recorder["status"]>): number {
  return stored + waiting + Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

const idsInDatabase = async () =>
  (await database.query("SELECT id FROM routing_logs ORDER BY id")).map(({ id }) => id);

async function recordMany(recorder: Recorder, count: number): Promise<string[]> {
  const records = Array.from({ length: count }, () => makeRecord());
  for (const record of records) {
    recorder.record(record);
    expect(sumOf(recorder.status())).toBe(recorder.status().decided);
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
    expect(recorder.status()).toEqual({ decided: 1, stored: 1, waiting: 0, dropped: {}, lastError: null });
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
      trace: record.decision.trace,
      estimated_cost_usd: 0.00125,
      decide_us: 31,
      embedding: null,
      features: null,
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
    expect(recorder.status()).toMatchObject({ stored: 1, dropped: {} });
    const [row] = await database.query("SELECT user_text, tags, trace FROM routing_logs");
    const clean = "a\ufffdb\ufffdc😀\ufffd\\u0000'\"";
    expect(row).toMatchObject({ user_text: clean, tags: [clean] });
  });

  test("keeps a row out that PostgreSQL refuses, and stores the others of its batch", async () => {
    const recorder = open();
    const good = [makeRecord(), makeRecord(), makeRecord()];
    const bad = makeRecord({ id: "no uuid at all" });
    for (const record of [...good.slice(0, 2), bad, ...good.slice(2)]) recorder.record(record);
    await recorder.close(CLOSE_MS);
    expect(recorder.status()).toMatchObject({ decided: 4, stored: 3, waiting: 0, dropped: { poison: 1 } });
    expect(await idsInDatabase()).toEqual(good.map(({ id }) => id));
    expect(events).toContainEqual({
      event: "log_row_refused",
      decisionId: "no uuid at all",
      sqlState: "22P02",
    });
  });

  test("stores a record once that is given twice", async () => {
    const recorder = open();
    const record = makeRecord();
    recorder.record(record);
    await until(() => recorder.status().stored === 1);
    recorder.record(record);
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual([record.id]);
  });

  test("drops and counts what comes while the queue is full, by rows and by bytes", async () => {
    const byRows = open({ databaseUrl: "postgres://nobody@127.0.0.1:1/nothing", queueMax: 10 });
    await recordMany(byRows, 25);
    expect(byRows.status()).toMatchObject({
      decided: 25,
      stored: 0,
      waiting: 10,
      dropped: { queue_full: 15 },
    });
    await byRows.close(0);
    const byBytes = open({ databaseUrl: "postgres://nobody@127.0.0.1:1/nothing", queueMaxBytes: 2 * MIB });
    for (let count = 0; count < 10; count += 1) byBytes.record(makeRecord({ text: "x".repeat(MIB / 4) }));
    expect(byBytes.status()).toMatchObject({ waiting: 3, dropped: { queue_full: 7 } });
    await byBytes.close(0);
  });

  test("drops and counts what comes after close()", async () => {
    const recorder = open();
    await recorder.close(CLOSE_MS);
    recorder.record(makeRecord());
    expect(recorder.status()).toMatchObject({ decided: 1, dropped: { closed: 1 } });
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
    expect(recorder.status()).toMatchObject({ decided: 1, stored: 0, waiting: 1 });
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
    expect(recorder.status()).toMatchObject({ stored: 0, waiting: 50 });
    await proxy.restore();
    await until(() => recorder.status().stored === 50);
    expect(recorder.status().lastError).toBeNull();
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual(ids);
  });

  test("loses nothing and stores nothing twice when connections break again and again", async () => {
    const recorder = open({ databaseUrl, batchMax: 20 });
    const ids: string[] = [];
    for (let round = 1; round <= 5; round += 1) {
      ids.push(...(await recordMany(recorder, 300)));
      const soFar = recorder.status().stored;
      await until(() => recorder.status().stored > soFar);
      await proxy.cut();
      ids.push(...(await recordMany(recorder, 100)));
      await proxy.restore();
    }
    await recorder.close(CLOSE_MS);
    expect(recorder.status()).toMatchObject({ decided: 2_000, stored: 2_000, waiting: 0, dropped: {} });
    expect(await idsInDatabase()).toEqual(ids);
    expect(events.filter(({ event }) => event === "log_database_away").length).toBeGreaterThan(0);
  });

  test("closes by its deadline while the database does not answer", async () => {
    const recorder = open({ databaseUrl });
    recorder.record(makeRecord());
    await until(() => recorder.status().stored === 1);
    proxy.swallow();
    recorder.record(makeRecord());
    const start = performance.now();
    await recorder.close(300);
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(recorder.status()).toMatchObject({ decided: 2, stored: 1, waiting: 1 });
  });
});
