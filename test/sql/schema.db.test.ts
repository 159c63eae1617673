import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeSchema } from "../../scripts/describe-schema.ts";
import { maintain } from "../../src/log/maintain.ts";
import { cloneDatabase, emptyDatabase, type TestDatabase } from "../support/database.ts";

const FILE = join(import.meta.dirname, "..", "..", "sql", "schema.sql");

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await cloneDatabase();
  client = await connect(database);
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function connect(to: TestDatabase): Promise<Client> {
  const made = new Client({ connectionString: to.url });
  await made.connect();
  return made;
}

test("sql/schema.sql is what the migrations make; else run `npm run schema:dump`", async () => {
  expect(await describeSchema(client)).toBe(readFileSync(FILE, "utf8"));
});

test("sql/schema.sql, run as it is, makes the same schema", async () => {
  const copy = await emptyDatabase();
  const other = await connect(copy);
  await other.query("SET check_function_bodies = off");
  await other.query(readFileSync(FILE, "utf8"));
  expect(await describeSchema(other)).toBe(await describeSchema(client));
  await other.end();
  await copy.drop();
});

test("describeSchema() leaves out partitions by day", async () => {
  const before = await describeSchema(client);
  await maintain(client, { aheadDays: 2, retentionDays: 90, oldestWaiting: null });
  expect(await describeSchema(client)).toBe(before);
});

test("describeSchema() tells a change of a column, an index, a function and a right", async () => {
  const changes = [
    "ALTER TABLE routing_labels ALTER COLUMN note TYPE varchar",
    "ALTER TABLE routing_labels ALTER COLUMN value SET NOT NULL",
    "CREATE INDEX ON routing_labels (source)",
    "ALTER TABLE routing_labels ADD CHECK (value >= 0)",
    "ALTER FUNCTION routing_time_of(uuid) VOLATILE",
    "GRANT EXECUTE ON FUNCTION routing_refresh_daily(date) TO PUBLIC",
    "COMMENT ON COLUMN routing_labels.note IS 'x'",
  ];
  let before = await describeSchema(client);
  for (const change of changes) {
    await client.query(change);
    const after = await describeSchema(client);
    expect(after, change).not.toBe(before);
    before = after;
  }
});
