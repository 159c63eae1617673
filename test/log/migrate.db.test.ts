import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../src/log/connection.ts";
import { maintain } from "../../src/log/maintain.ts";
import { migrate } from "../../src/log/migrate.ts";
import { emptyDatabase, type TestDatabase } from "../support/database.ts";
import { withDatabase } from "../support/database-url.ts";
import { insertDecision, insertOutcome } from "./queries/log-rows.ts";

const SQL_DIR = join(import.meta.dirname, "..", "..", "sql");

let database: TestDatabase;
let dir: string;
beforeEach(async () => {
  database = await emptyDatabase();
  dir = mkdtempSync(join(tmpdir(), "signalbox-sql-"));
});
afterEach(async () => {
  await database.drop();
  rmSync(dir, { recursive: true });
});

const applied = () => database.query("SELECT id, name FROM signalbox_migrations ORDER BY id");

test("migrate() makes the table of the log, and does nothing the second time", async () => {
  const messages: string[] = [];
  const names = await migrate(database.url, { onProgress: (message) => messages.push(message) });
  expect(names[0]).toBe("0001_routing_logs.sql");
  expect(messages).toHaveLength(names.length);
  expect(await migrate(database.url)).toEqual([]);
  expect(await database.query("SELECT count(*)::int AS rows FROM routing_logs")).toEqual([{ rows: 0 }]);
});

test("migrate() applies each file once when many processes call it at once", async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)));
  expect(results.flat().sort()).toEqual((await applied()).map(({ name }) => name));
});

test("migrate() goes on where it stopped", async () => {
  writeFileSync(join(dir, "0001_one.sql"), "CREATE TABLE one (id int)");
  expect(await migrate(database.url, { dir })).toEqual(["0001_one.sql"]);
  writeFileSync(join(dir, "0002_two.sql"), "ALTER TABLE one ADD name text; INSERT INTO one VALUES (1, 'x')");
  expect(await migrate(database.url, { dir })).toEqual(["0002_two.sql"]);
  expect(await database.query("SELECT * FROM one")).toEqual([{ id: 1, name: "x" }]);
});

test("migrate() refuses a schema that is newer than the program", async () => {
  await migrate(database.url);
  await database.query("INSERT INTO signalbox_migrations (id, name) VALUES (9000, '9000_future.sql')");
  await expect(migrate(database.url)).rejects.toThrow(/found schema version 9000, expected at most \d/);
});

test("migrate() refuses a new database of another encoding: it would take no letters that this lacks", async () => {
  const name = `${database.name}_latin`;
  const locale = "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0";
  await database.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' ${locale}`);
  try {
    await expect(migrate(withDatabase(database.url, name))).rejects.toThrow(
      "Cannot use this database: found the encoding LATIN1, expected UTF8",
    );
  } finally {
    await database.query(`DROP DATABASE ${name}`);
  }
});

test("migrate() leaves nothing of a file that fails, and says which it was", async () => {
  writeFileSync(join(dir, "0001_broken.sql"), "CREATE TABLE one (id int); SELECT no_such_function()");
  await expect(migrate(database.url, { dir })).rejects.toThrow(/0001_broken\.sql.*no_such_function/);
  expect(await database.query("SELECT to_regclass('one') AS one")).toEqual([{ one: null }]);
  writeFileSync(join(dir, "0001_broken.sql"), "CREATE TABLE one (id int)");
  expect(await migrate(database.url, { dir })).toEqual(["0001_broken.sql"]);
});

test("migrate() gives a file more time than a statement has otherwise, as one on a large log takes it", async () => {
  writeFileSync(join(dir, "0001_slow.sql"), "CREATE TABLE one (id int); SELECT pg_sleep(1)");
  const connection = await connect(database.url, "test", { answerTimeoutMs: 500 });
  try {
    expect(await migrate(connection.client, { dir })).toEqual(["0001_slow.sql"]);
  } finally {
    await connection.close();
  }
});

test("migrate() takes longer for a file than the database lets statements take otherwise", async () => {
  await database.query(`ALTER DATABASE ${database.name} SET statement_timeout = '100ms'`);
  writeFileSync(join(dir, "0001_slow.sql"), "SELECT pg_sleep(0.3)");
  expect(await migrate(database.url, { dir })).toEqual(["0001_slow.sql"]);
});

test("migrate() refuses files whose numbers have a gap", async () => {
  writeFileSync(join(dir, "0002_two.sql"), "SELECT 1");
  await expect(migrate(database.url, { dir })).rejects.toThrow(
    /found 0002_two.sql, expected a file with number 1/,
  );
});

test("migrate() of an up-to-date database needs no right to create tables", async () => {
  await migrate(database.url);
  const writer = `writer_${database.name}`;
  await database.query(`CREATE ROLE ${writer}`);
  await database.query(`GRANT SELECT ON signalbox_migrations TO ${writer}`);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`SET ROLE ${writer}`);
  expect(await migrate(client)).toEqual([]);
  await client.end();
  await database.query(`DROP OWNED BY ${writer}`);
  await database.query(`DROP ROLE ${writer}`);
});

/** Makes the schema of a version. */
async function migrateTo(version: number): Promise<void> {
  const files = readdirSync(SQL_DIR).filter((name) => Number(/^\d{4}/.exec(name)?.[0]) <= version);
  for (const name of files) copyFileSync(join(SQL_DIR, name), join(dir, name));
  await migrate(database.url, { dir });
}

test("migrate() blames no model for what was not well formed before version 10, nor for what LiteLLM refused", async () => {
  await migrateTo(9);
  const failures = [
    { http_status: null, error_class: "TypeError", note: "TypeError" },
    { http_status: null, error_class: "ReadError", note: "ReadError" },
    { http_status: 429, error_class: "RateLimitError", note: "429 RateLimitError" },
    { http_status: 429, error_class: "ProxyRateLimitError", note: "429 ProxyRateLimitError" },
    { http_status: 500, error_class: "HTTPException", note: "500 HTTPException" },
  ];
  for (const { note, ...failure } of failures) {
    const outcome = { status: "failure", ...failure };
    const id = await insertOutcome(database, await insertDecision(database, new Date()), outcome);
    await database.query("INSERT INTO routing_labels VALUES ($1, 'implicit:error', NULL, 1, $2, now())", [
      id,
      note,
    ]);
  }
  await migrate(database.url);
  const rows = await database.query("SELECT error_class, served_by, labels FROM routing_training ORDER BY 1");
  const blamed = { served_by: "small", labels: { "implicit:error": 1 } };
  expect(rows).toEqual([
    { error_class: "HTTPException", served_by: "small", labels: {} },
    { error_class: "ProxyRateLimitError", served_by: null, labels: {} },
    { error_class: "RateLimitError", ...blamed },
    { error_class: "ReadError", ...blamed },
    { error_class: "TypeError", served_by: null, labels: {} },
  ]);
});

test("migrate() from the first schema keeps its rows, and maintenance gives them their days", async () => {
  await migrateTo(1);
  const trace = [{ step: "tier", tier: "simple", because: "x" }];
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const ids = [
    await insertDecision(database, ago(40), { trace }),
    await insertDecision(database, ago(0), { trace }),
  ];
  await migrate(database.url);
  const rows = () => database.query("SELECT id, tier, trace FROM routing_training ORDER BY id");
  const before = await rows();
  expect(before).toEqual(ids.map((id) => ({ id, tier: "simple", trace })));
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const report = await maintain(client, { aheadDays: 2, retentionDays: 90, oldestWaiting: null });
  await client.end();
  expect(report).toMatchObject({ movedRows: 2, defaultRows: 0 });
  expect(await rows()).toEqual(before);
});
