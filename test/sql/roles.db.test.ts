import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { copyIn } from "../../src/log/copy-in.ts";
import { findRowsToEmbed, storeEmbeddings } from "../../src/log/embedding/embedding-rows.ts";
import { createMaintenance } from "../../src/log/maintenance.ts";
import { migrate } from "../../src/log/migrate.ts";
import { batchOf } from "../../src/log/outbox/batch.ts";
import { copyRows } from "../../src/log/outbox/copy-rows.ts";
import { findDecision } from "../../src/log/queries/find-decision.ts";
import { listDecisions } from "../../src/log/queries/list-decisions.ts";
import { readStats } from "../../src/log/queries/read-stats.ts";
import { ROW_COLUMNS } from "../../src/log/row-columns.ts";
import { toLine } from "../../src/log/row-line.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { makeRecord } from "../log/decision-record.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { openTestLog } from "../support/test-log.ts";

const ROLES = readFileSync(join(import.meta.dirname, "..", "..", "sql", "roles.sql"), "utf8");
const PASSWORD = "of-a-test";
const logger = { info: () => undefined, warn: () => undefined };

let database: TestDatabase;
let made: string[];
beforeAll(async () => {
  database = await cloneDatabase();
  const before = await roles();
  await database.query(ROLES);
  await database.query(ROLES);
  made = (await roles()).filter((role) => !before.includes(role));
  for (const role of ["writer", "reader"]) {
    const login = loginOf(role);
    await database.query(`CREATE ROLE ${login} LOGIN PASSWORD '${PASSWORD}' IN ROLE signalbox_${role}`);
  }
});
afterAll(async () => {
  for (const role of ["writer", "reader"]) await database.query(`DROP ROLE ${loginOf(role)}`);
  await database.query("DROP OWNED BY signalbox_writer, signalbox_reader");
  for (const role of made) await database.query(`DROP ROLE ${role}`);
  await database.drop();
});

async function roles(): Promise<string[]> {
  const rows = await database.query(
    "SELECT rolname FROM pg_roles WHERE rolname ~ '^signalbox_(writer|reader)$'",
  );
  return rows.map(({ rolname }) => String(rolname));
}

const loginOf = (role: string) => `${database.name}_${role}`;

function urlOf(role: string): string {
  const url = new URL(database.url);
  url.username = loginOf(role);
  url.password = PASSWORD;
  return url.href;
}

let client: Client;
async function connectAs(role: string): Promise<void> {
  client = new Client({ connectionString: urlOf(role) });
  await client.connect();
}
afterEach(() => client.end());

const denied = /permission denied/;

describe("signalbox_writer", () => {
  beforeEach(() => connectAs("writer"));

  test("is all that the service needs to start, store and keep the database", async () => {
    expect(await migrate(client)).toEqual([]);
    const maintenance = createMaintenance({
      databaseUrl: urlOf("writer"),
      retentionDays: () => 90,
      oldestWaiting: () => null,
      prepare: (each) => migrate(each),
      logger,
    });
    await maintenance.run();
    expect(maintenance.status()).toMatchObject({ lastError: null, partitionsAhead: 7, defaultRows: 0 });
    await maintenance.close();
    const recorder = openTestLog({ databaseUrl: urlOf("writer") });
    const record = makeRecord();
    const newId = createUuid7({ now: Date.now, random: Math.random });
    const failure = {
      decision_id: record.id,
      status: "failure",
      source: "callback",
      reported_at: "2026-01-01T00:00:00Z",
    };
    const success = { ...failure, status: "success", reported_at: "2026-01-01T00:00:01Z" };
    const created_at = new Date().toISOString();
    const feedback = { decision_id: record.id, id: newId(), rating: "up", source: "api", created_at };
    recorder.record(record);
    recorder.outcome(failure);
    recorder.outcome(success);
    recorder.feedback(feedback);
    await recorder.close(20_000);
    expect(recorder.status().lastError).toBe(null);
    const rows = await database.query("SELECT status, feedback_up FROM routing_training WHERE id = $1", [
      record.id,
    ]);
    expect(rows).toEqual([{ status: "success", feedback_up: 1 }]);
  });

  test("may store decisions by COPY", async () => {
    const { statement, parts } = copyRows("routing_logs", ROW_COLUMNS);
    const privacy = { storeText: "full", hashKey: Buffer.alloc(32, 1) } as const;
    const record = makeRecord();
    await copyIn(client, statement, parts(batchOf([Buffer.from(`${toLine(record, privacy)}\n`)])));
    const found = await database.query("SELECT FROM routing_logs WHERE id = $1", [record.id]);
    expect(found).toHaveLength(1);
  });

  test("fills in embeddings", async () => {
    const recorder = openTestLog({ databaseUrl: urlOf("writer") });
    recorder.record(makeRecord({ text: "to embed" }));
    await recorder.close(20_000);
    const found = await findRowsToEmbed(client, { since: new Date(0), maxChars: 100, limit: 10 });
    expect(found.map(({ text }) => text)).toContain("to embed");
    await storeEmbeddings(
      client,
      found.map(({ id }) => ({ id, vector: [1, 2] })),
      "model",
    );
    expect(await findRowsToEmbed(client, { since: new Date(0), maxChars: 100, limit: 10 })).toEqual([]);
  });

  test("can read no decision, delete nothing and change no table", async () => {
    await expect(client.query("SELECT trace FROM routing_logs")).rejects.toThrow(denied);
    await expect(client.query("SELECT * FROM routing_training")).rejects.toThrow(denied);
    await expect(client.query("DELETE FROM routing_logs")).rejects.toThrow(denied);
    await expect(client.query("DELETE FROM routing_outcomes")).rejects.toThrow(denied);
    await expect(client.query("UPDATE routing_logs SET tier = 'x'")).rejects.toThrow(denied);
    await expect(client.query("INSERT INTO routing_labels SELECT")).rejects.toThrow(denied);
    await expect(client.query("TRUNCATE routing_logs")).rejects.toThrow(denied);
    await expect(client.query("DROP TABLE routing_logs_default")).rejects.toThrow(/must be owner/);
    await expect(client.query("SELECT routing_make_partition('routing_logs', '2020-01-01')")).rejects.toThrow(
      denied,
    );
  });

  test("can have nothing else maintained than the tables of the log", async () => {
    await expect(client.query("SELECT routing_maintain('pg_class', 1, 1)")).rejects.toThrow(
      /expected a table of the log/,
    );
  });

  test("cannot put a table of its own in the place of one that maintenance uses", async () => {
    await client.query("CREATE TEMPORARY TABLE routing_daily_state (day date, upto uuid, writes bigint)");
    await client.query("CREATE TEMPORARY TABLE routing_logs_default (id uuid)");
    await client.query("INSERT INTO pg_temp.routing_logs_default VALUES (gen_random_uuid())");
    const { rows } = await client.query("SELECT default_rows FROM routing_maintain('routing_logs', 7, 90)");
    expect(rows).toEqual([{ default_rows: "0" }]);
    await client.query("SELECT routing_refresh_daily('-infinity')");
    expect((await client.query("SELECT FROM pg_temp.routing_daily_state")).rowCount).toBe(0);
  });
});

describe("signalbox_reader", () => {
  beforeEach(() => connectAs("reader"));

  test("reads decisions, figures and the training set", async () => {
    const recorder = openTestLog({ databaseUrl: urlOf("writer") });
    const record = makeRecord();
    recorder.record(record);
    await recorder.close(20_000);
    const [newest] = await listDecisions(client, { filter: {}, before: null, limit: 1 });
    expect(newest?.id).toBe(record.id);
    expect(await findDecision(client, record.id)).not.toBe(null);
    const { total } = await readStats(client, { since: "2020-01-01", until: "2100-01-01" });
    expect(total.requests).toBeGreaterThan(0);
    expect((await client.query("SELECT id FROM routing_training")).rowCount).toBe(total.requests);
  });

  test("changes nothing", async () => {
    for (const table of [
      "routing_logs",
      "routing_outcomes",
      "routing_feedback",
      "routing_labels",
      "routing_daily",
    ]) {
      await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow(denied);
      await expect(client.query(`INSERT INTO ${table} SELECT`)).rejects.toThrow(denied);
    }
    await expect(client.query("SELECT routing_maintain('routing_logs', 7, 1)")).rejects.toThrow(denied);
    await expect(client.query("SELECT routing_refresh_daily('-infinity')")).rejects.toThrow(denied);
    await expect(client.query("SELECT routing_label_implicitly(now())")).rejects.toThrow(denied);
  });
});
