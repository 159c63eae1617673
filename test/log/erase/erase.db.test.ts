import { createSecretKey } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EraseOptions, eraseDecisions } from "../../../src/log/erase/erase.ts";
import type { Subject } from "../../../src/log/erase/subject.ts";
import { createUuid7 } from "../../../src/log/uuid7.ts";
import { cloneDatabase, type TestDatabase } from "../../support/database.ts";
import { openTcpProxy } from "../../support/tcp-proxy.ts";
import { openTestLog, outboxRoot } from "../../support/test-log.ts";
import { until } from "../../support/until.ts";
import { makeRecord } from "../decision-record.ts";
import { leaveInOutbox } from "./killed-recorder.ts";

const CLOSE_MS = 20_000;
const HASH_KEY = createSecretKey(Buffer.alloc(32, 1));
const NONE = { routing_logs: 0, routing_outcomes: 0, routing_feedback: 0 };
const newId = createUuid7({ now: Date.now, random: Math.random });

let database: TestDatabase;
let root: string;
beforeEach(async () => {
  database = await cloneDatabase();
  root = outboxRoot();
});
afterEach(() => database.drop());

function erase(subject: Partial<Subject>, options: Partial<EraseOptions> = {}) {
  return eraseDecisions({
    databaseUrl: database.url,
    outboxRoot: root,
    hashKey: HASH_KEY,
    subject: { kind: "user", id: "jane", before: null, ...subject },
    waitMs: 10_000,
    confirm: () => Promise.resolve(true),
    ...options,
  });
}

const open = (databaseUrl = database.url) => openTestLog({ databaseUrl, outboxRoot: root });
const of = (userId: string) => makeRecord({ caller: { userId } });

const feedbackOn = (decisionId: string, rating = "up") => ({
  id: newId(),
  decision_id: decisionId,
  created_at: new Date().toISOString(),
  rating,
  expected_tier: null,
  comment: null,
  source: "api",
});

const outcomeOf = (decisionId: string) => ({
  decision_id: decisionId,
  reported_at: new Date().toISOString(),
  status: "success",
  source: "callback",
});

async function idsIn(table: string): Promise<unknown[]> {
  const key = table === "routing_logs" ? "id" : "decision_id";
  return (await database.query(`SELECT ${key} AS id FROM ${table} ORDER BY ${key}`)).map(({ id }) => id);
}

/** Every file under the outbox as text. */
function filesUnder(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "lock");
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("");
}

/** Stores a decision with an outcome, feedback and a label. */
async function storeWithAll(userId: string): Promise<string> {
  const recorder = open();
  const record = of(userId);
  recorder.record(record);
  recorder.outcome(outcomeOf(record.id));
  recorder.feedback(feedbackOn(record.id));
  await recorder.close(CLOSE_MS);
  await database.query("INSERT INTO routing_labels VALUES ($1, 'implicit:error', NULL, 1, NULL, now())", [
    record.id,
  ]);
  return record.id;
}

describe("eraseDecisions()", () => {
  test("removes a user's decisions with all that is about them, and nobody else's", async () => {
    await storeWithAll("jane");
    const other = await storeWithAll("joan");
    const erased = await erase({});
    expect(erased).toEqual({
      database: { routing_logs: 1, routing_outcomes: 1, routing_feedback: 1, routing_labels: 1 },
      outbox: NONE,
      quarantine: NONE,
      unreachedSegments: 0,
    });
    for (const table of ["routing_logs", "routing_outcomes", "routing_feedback", "routing_labels"]) {
      expect(await idsIn(table), table).toEqual([other]);
    }
  });

  test.each([
    ["user", "jane", { caller: { endUserId: "jane", userId: null } }],
    ["key-hash", "key-9", { caller: { keyHash: "key-9" } }],
    ["conversation", "talk-9", { request: { sessionId: "talk-9" } }],
  ] as const)("finds a %s as it is and, under store_text none, by its hash", async (kind, id, changes) => {
    for (const storeText of ["full", "none"] as const) {
      const privacy = { storeText, hashKey: Buffer.alloc(32, 1) };
      const recorder = openTestLog({ databaseUrl: database.url, outboxRoot: root, privacy });
      const other = makeRecord();
      recorder.record(makeRecord(changes));
      recorder.record(other);
      await recorder.close(CLOSE_MS);
      expect(await erase({ kind, id })).toMatchObject({ database: { routing_logs: 1 } });
      expect(await idsIn("routing_logs")).toEqual([other.id]);
      await database.query("DELETE FROM routing_logs");
    }
  });

  test.each(["x", "ü", "𝒳"])(
    "finds an id by more characters of %s than the callback sends",
    async (letter) => {
      for (const storeText of ["redacted", "none"] as const) {
        const privacy = { storeText, hashKey: Buffer.alloc(32, 1) };
        const recorder = openTestLog({ databaseUrl: database.url, outboxRoot: root, privacy });
        recorder.record(makeRecord({ caller: { endUserId: letter.repeat(256), userId: null } }));
        await recorder.close(CLOSE_MS);
        const erased = await erase({ id: letter.repeat(300) });
        expect(erased, storeText).toMatchObject({ database: { routing_logs: 1 } });
      }
    },
  );

  test("leaves decisions from `before` on", async () => {
    const old = newIdAt(Date.now() - 3_600_000);
    const young = newIdAt(Date.now());
    const recorder = open();
    for (const id of [old, young]) recorder.record(makeRecord({ id, caller: { userId: "jane" } }));
    await recorder.close(CLOSE_MS);
    const left = [newIdAt(Date.now() - 3_600_000), newIdAt(Date.now())];
    await leaveInOutbox({
      outboxRoot: root,
      records: left.map((id) => ({ id, userId: "jane" })),
      feedback: [],
    });
    const erased = await erase({ before: new Date(Date.now() - 60_000) });
    expect(erased).toMatchObject({ database: { routing_logs: 1 }, outbox: { routing_logs: 1 } });
    expect(await idsIn("routing_logs")).toEqual([young]);
    expect(filesUnder(root)).not.toContain(left[0]);
    expect(filesUnder(root)).toContain(left[1]);
  });

  test("removes more decisions than one statement takes, of several days", async () => {
    await database.query(`SELECT routing_maintain('routing_logs', 1, 90)`);
    const recorder = open();
    for (let count = 0; count < 6_001; count += 1) {
      const id = newIdAt(Date.now() - (count % 3) * 86_400_000);
      recorder.record(makeRecord({ id, caller: { userId: count % 1_000 === 0 ? "joan" : "jane" } }));
    }
    await recorder.close(CLOSE_MS);
    expect(await erase({})).toMatchObject({ database: { routing_logs: 5_994 } });
    expect(await idsIn("routing_logs")).toHaveLength(7);
  });

  test("rewrites what a killed sidecar left, and the next one stores the rest of it", async () => {
    const stored = await storeWithAll("jane");
    const [hers, his] = [newId(), newId()];
    await leaveInOutbox({
      outboxRoot: root,
      records: [
        { id: hers, userId: "jane" },
        { id: his, userId: "john" },
      ],
      feedback: [hers, his, stored].map((id) => ({ id: newId(), decision_id: id })),
    });
    const segments = readdirSync(join(root, "1")).filter((file) => file.endsWith(".ndjson"));
    const [torn = ""] = segments.filter((file) => file.startsWith("routing_logs"));
    writeFileSync(join(root, "1", torn), '{"id": "half a li', { flag: "a" });

    const erased = await erase({});
    expect(erased).toEqual({
      database: { routing_logs: 1, routing_outcomes: 1, routing_feedback: 1, routing_labels: 1 },
      outbox: { routing_logs: 1, routing_outcomes: 0, routing_feedback: 2 },
      quarantine: NONE,
      unreachedSegments: 0,
    });
    expect(filesUnder(root)).not.toMatch(/jane|half a li/);

    const next = open();
    await until(() => next.status().tables.routing_feedback.stored === 1);
    await next.close(CLOSE_MS);
    expect(next.status().tables.routing_logs).toEqual({ accepted: 1, stored: 1, waiting: 0, dropped: {} });
    expect(await idsIn("routing_logs")).toEqual([his]);
    expect(await idsIn("routing_feedback")).toEqual([his]);
  });

  test("removes a file that nothing is left of", async () => {
    await leaveInOutbox({ outboxRoot: root, records: [{ id: newId(), userId: "jane" }], feedback: [] });
    await erase({});
    expect(readdirSync(join(root, "1"))).toEqual(["lock"]);
  });

  test("waits for what a running sidecar has on its disk", async () => {
    const proxy = await openTcpProxy(Number(new URL(database.url).port));
    const through = new URL(database.url);
    through.port = String(proxy.port);
    await proxy.cut();
    const recorder = open(through.href);
    const hers = of("jane");
    recorder.record(hers);
    recorder.feedback(feedbackOn(hers.id));
    let isDone = false;
    const erasing = erase({}).finally(() => {
      isDone = true;
    });
    await until(async () => (await lockCount()) === 1);
    expect(isDone).toBe(false);
    await proxy.restore();
    expect(await erasing).toMatchObject({
      database: { routing_logs: 1, routing_feedback: 1 },
      outbox: NONE,
      unreachedSegments: 0,
    });
    expect(filesUnder(root)).not.toContain("jane");
    await recorder.close(CLOSE_MS);
    await proxy.close();
    expect(await idsIn("routing_logs")).toEqual([]);
  });

  test("says how many files of a running sidecar it could not wait for", async () => {
    const recorder = open("postgres://nobody@127.0.0.1:1/nothing");
    recorder.record(of("jane"));
    recorder.feedback(feedbackOn(newId()));
    expect(await erase({}, { waitMs: 100 })).toMatchObject({ unreachedSegments: 2 });
    await recorder.close(0);
    expect(await erase({}, { waitMs: 100 })).toMatchObject({
      outbox: { routing_logs: 1 },
      unreachedSegments: 0,
    });
  });

  test("removes rows that the database refused", async () => {
    const recorder = open();
    for (const userId of ["jane", "john"])
      recorder.record(makeRecord({ id: `no id of ${userId}`, caller: { userId } }));
    const hers = of("jane");
    recorder.record(hers);
    for (const [id, rating] of [
      [hers.id, "neither"],
      [newId(), "neither"],
    ] as const) {
      recorder.feedback(feedbackOn(id, rating));
    }
    await recorder.close(CLOSE_MS);
    expect(await erase({})).toEqual({
      database: { routing_logs: 1, routing_outcomes: 0, routing_feedback: 0, routing_labels: 0 },
      outbox: NONE,
      quarantine: { routing_logs: 1, routing_outcomes: 0, routing_feedback: 1 },
      unreachedSegments: 0,
    });
    const left = filesUnder(join(root, "quarantine"));
    expect(left).toContain("no id of john");
    expect(left).not.toContain("jane");
    expect(left).not.toContain(hers.id);
  });

  test("removes what a killed erasure left unfinished", async () => {
    mkdirSync(join(root, "quarantine"), { recursive: true });
    const draft = join(root, "quarantine", "routing_logs.ndjson.erasing");
    writeFileSync(draft, '{"user_id":"jane"}\n');
    await erase({});
    expect(existsSync(draft)).toBe(false);
  });

  test("finds all of it again after the database refused", async () => {
    const left = newId();
    await leaveInOutbox({
      outboxRoot: root,
      records: [{ id: left, userId: "jane" }],
      feedback: [{ id: newId(), decision_id: left }],
    });
    await database.query(
      "INSERT INTO routing_feedback VALUES (gen_random_uuid(), $1, now(), 'up', NULL, NULL, 'api')",
      [left],
    );
    await database.query("ALTER TABLE routing_labels RENAME COLUMN decision_id TO gone");
    await expect(erase({})).rejects.toThrow("decision_id");
    await database.query("ALTER TABLE routing_labels RENAME COLUMN gone TO decision_id");
    expect(await idsIn("routing_feedback")).toEqual([left]);
    expect(await erase({})).toMatchObject({
      database: { routing_feedback: 1 },
      outbox: { routing_logs: 1 },
    });
    expect(await idsIn("routing_feedback")).toEqual([]);
    expect(filesUnder(root)).not.toContain(left);
  });

  test("removes nothing where it is not confirmed, and asks with the number of decisions", async () => {
    const id = await storeWithAll("jane");
    const asked: number[] = [];
    const confirm = (decisions: number) => {
      asked.push(decisions);
      return Promise.resolve(false);
    };
    expect(await erase({}, { confirm })).toBeNull();
    expect(asked).toEqual([1]);
    expect(await idsIn("routing_logs")).toEqual([id]);
  });

  test("throws while another erasure is under way", async () => {
    const both = erase({}, { confirm: () => erase({}).then(() => true) });
    await expect(both).rejects.toThrow("found another erasure under way on this database, expected none");
  });
});

function newIdAt(ms: number): string {
  return createUuid7({ now: () => ms, random: Math.random })();
}

async function lockCount(): Promise<number> {
  const [row] = await database.query(
    `SELECT count(*)::integer AS locks FROM pg_locks l JOIN pg_database d ON d.oid = l.database
     WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
  );
  return Number(row?.locks);
}
