import { createSecretKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recorder } from "../../src/log/recorder.ts";
import { createThreadedRecorder, type ThreadedRecorderOptions } from "../../src/log/threaded-recorder.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { openTcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { makeRecord } from "./decision-record.ts";

const CLOSE_MS = 20_000;

let database: TestDatabase;
let events: Record<string, unknown>[];
beforeEach(async () => {
  database = await cloneDatabase();
  events = [];
});
afterEach(() => database.drop());

function open(options: Partial<ThreadedRecorderOptions> = {}): Recorder {
  const note = (fields: unknown) => void events.push(Object.assign({}, fields));
  return createThreadedRecorder({
    databaseUrl: database.url,
    storeText: "redacted",
    hashKey: createSecretKey(Buffer.alloc(32, 1)),
    listedNames: [],
    logger: { info: note, warn: note, error: note },
    ...options,
  });
}

function sumOf({ stored, waiting, dropped }: ReturnType<Recorder["status"]>): number {
  return stored + waiting + Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

const rows = () => database.query("SELECT id, user_text, redactions FROM routing_logs ORDER BY id");

describe("createThreadedRecorder()", () => {
  test("stores every record once, masked, and its figures add up at every moment", async () => {
    const recorder = open();
    const records = Array.from({ length: 300 }, () => makeRecord({ text: "mail joe@example.com" }));
    for (const record of records) {
      recorder.record(record);
      expect(sumOf(recorder.status())).toBe(recorder.status().decided);
    }
    await recorder.close(CLOSE_MS);
    expect(recorder.status()).toMatchObject({ decided: 300, stored: 300, waiting: 0, dropped: {} });
    const stored = await rows();
    expect(stored.map(({ id }) => id)).toEqual(records.map(({ id }) => id).sort());
    expect(stored[0]).toMatchObject({ user_text: "mail [EMAIL]", redactions: 1 });
  });

  test("refuses and counts what is beyond its bounds while the database is away, and keeps the rest", async () => {
    const { url } = database;
    const proxy = await openTcpProxy(Number(new URL(url).port));
    await proxy.cut();
    const databaseUrl = url.replace(/@[^/]+/, `@127.0.0.1:${proxy.port}`);
    const recorder = open({ databaseUrl, queueMax: 100 });
    for (let index = 0; index < 150; index += 1) recorder.record(makeRecord());
    expect(recorder.status()).toMatchObject({ decided: 150, waiting: 100, dropped: { queue_full: 50 } });
    await until(() => recorder.status().lastError !== null);
    await proxy.restore();
    await until(() => recorder.status().stored === 100);
    await recorder.close(CLOSE_MS);
    await proxy.close();
    expect((await rows()).length).toBe(100);
  });

  test("says how it closed where the database stays away", async () => {
    const recorder = open({ databaseUrl: "postgres://nobody@127.0.0.1:1/none" });
    recorder.record(makeRecord());
    await recorder.close(200);
    expect(recorder.status()).toMatchObject({ decided: 1, stored: 0, waiting: 1 });
    recorder.record(makeRecord());
    expect(recorder.status().dropped).toEqual({ closed: 1 });
  });
});
