import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setInterval as everyMs } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recorder } from "../../../src/log/recorder.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { openTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import { openTestLog, outboxRoot } from "../../support/test-log.ts";
import { until } from "../../support/until.ts";
import { makeRecord } from "../decision-record.ts";

const CLOSE_MS = 20_000;

let database: TestDatabase;
let proxy: TcpProxy;
let databaseUrl: string;
let events: Record<string, unknown>[];
beforeEach(async () => {
  database = await cloneDatabase();
  const url = new URL(database.url);
  proxy = await openTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  databaseUrl = url.href;
  events = [];
});
afterEach(async () => {
  await proxy.close();
  await database.drop();
});

function open(options: Partial<Parameters<typeof openTestLog>[0]> = {}): Recorder {
  const note = (fields: unknown) => void events.push(Object.assign({}, fields));
  return openTestLog({ databaseUrl, logger: { info: note, warn: note }, ...options });
}

const flowOf = (recorder: Recorder) => recorder.status().tables.routing_logs;

function recordMany(recorder: Recorder, count: number, text?: string): string[] {
  const records = Array.from({ length: count }, () => makeRecord(text === undefined ? {} : { text }));
  for (const record of records) recorder.record(record);
  return records.map(({ id }) => id);
}

const idsInDatabase = async () =>
  (await database.query("SELECT id FROM routing_logs ORDER BY id")).map(({ id }) => id);

describe("a recorder whose database never answers", () => {
  test("gives a statement up after its time, connects again and stores it once", async () => {
    const recorder = open({ answerTimeoutMs: 300 });
    const ids = recordMany(recorder, 10);
    await until(() => flowOf(recorder).stored === 10);
    proxy.swallow();
    ids.push(...recordMany(recorder, 10));
    await until(() => recorder.status().lastError !== null);
    expect(flowOf(recorder)).toEqual({ accepted: 20, stored: 10, waiting: 10, dropped: {} });
    proxy.heal();
    await until(() => flowOf(recorder).stored === 20);
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual(ids);
  });

  test("closes by its deadline while it connects", async () => {
    proxy.swallow();
    const recorder = open();
    recordMany(recorder, 10);
    const startMs = performance.now();
    await recorder.close(200);
    // A connection is given up after 5 s by itself.
    expect(performance.now() - startMs).toBeLessThan(4_000);
    expect(flowOf(recorder)).toEqual({ accepted: 10, stored: 0, waiting: 10, dropped: {} });
  });
});

describe("a recorder whose database is too slow for a whole batch", () => {
  test("gets through with smaller ones", async () => {
    // Takes a second for each 100 rows of a statement.
    await database.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$`);
    await database.query(
      "CREATE TRIGGER slow BEFORE INSERT ON routing_logs FOR EACH ROW EXECUTE FUNCTION slow()",
    );
    const root = outboxRoot();
    const first = open({ databaseUrl: "postgres://nobody@127.0.0.1:1/nothing", outboxRoot: root });
    const ids = recordMany(first, 120, "x".repeat(6_000));
    await first.close(0);
    const recorder = open({ outboxRoot: root, answerTimeoutMs: 600 });
    await until(() => flowOf(recorder).stored === 120);
    await recorder.close(CLOSE_MS);
    expect(await idsInDatabase()).toEqual(ids);
  });
});

describe("a recorder that cannot set a refused row aside", () => {
  test("stores the others, and counts that one", async () => {
    const root = outboxRoot();
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "quarantine"), "a file where the folder should be");
    const recorder = open({ outboxRoot: root });
    const ids = recordMany(recorder, 5);
    recorder.record(makeRecord({ id: "no uuid at all" }));
    ids.push(...recordMany(recorder, 5));
    await until(() => flowOf(recorder).waiting === 0);
    await recorder.close(CLOSE_MS);
    expect(flowOf(recorder)).toEqual({ accepted: 11, stored: 10, waiting: 0, dropped: { poison: 1 } });
    expect(await idsInDatabase()).toEqual(ids);
    expect(events).toContainEqual(expect.objectContaining({ event: "log_row_lost", sqlState: "22P02" }));
  });
});

describe("a recorder under a steady trickle", () => {
  test("stores many rows at a time, as each commit costs", async () => {
    const recorder = open();
    const startMs = performance.now();
    let rows = 0;
    for await (const _ of everyMs(2)) {
      rows += recordMany(recorder, 1).length;
      if (rows === 200) break;
    }
    await recorder.close(CLOSE_MS);
    // One waits 20 ms for rows, but the last, and those that find a batch full where the machine paused.
    const mostCommits = (performance.now() - startMs) / 20 + 5;
    const [stored] = await database.query(
      "SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS commits FROM routing_logs",
    );
    expect(stored?.rows).toBe(200);
    expect(stored?.commits).toBeLessThan(mostCommits);
  });
});
