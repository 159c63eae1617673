import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyIn } from "../../src/log/copy-in.ts";
import { maintain } from "../../src/log/maintain.ts";
import { batchOf } from "../../src/log/outbox/batch.ts";
import { copyRows } from "../../src/log/outbox/copy-rows.ts";
import { ROW_COLUMNS } from "../../src/log/row-columns.ts";
import { toLine } from "../../src/log/row-line.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { makeRecord } from "./decision-record.ts";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  for (const table of ["copied", "inserted"])
    await client.query(`CREATE TABLE ${table} (LIKE routing_logs INCLUDING ALL)`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test("ROW_COLUMNS has COPY store each column of a decision as INSERT does", async () => {
  const records = [
    makeRecord(),
    makeRecord({ features: null, request: { tags: ["a,b", '"\\'] } }),
    makeRecord({ text: 'a\n"b"\\ \u001b[31m é 😀' }),
  ];
  const lines = records.map((record) => toLine(record, { storeText: "full", hashKey: Buffer.alloc(32, 1) }));
  const batch = batchOf(lines.map((line) => Buffer.from(`${line}\n`)));
  const { statement, parts } = copyRows("copied", ROW_COLUMNS);
  await copyIn(client, statement, parts(batch));
  await client.query("INSERT INTO inserted SELECT * FROM json_populate_recordset(NULL::inserted, $1)", [
    batch.json(),
  ]);
  const rowsOf = async (table: string) =>
    (await client.query(`SELECT t::text FROM ${table} t ORDER BY id`)).rows;
  const copied = await rowsOf("copied");
  expect(copied).toHaveLength(records.length);
  expect(copied).toEqual(await rowsOf("inserted"));
});

test("routing_logs compresses the features of a row that is a little too long, and keeps its texts as they are", async () => {
  await maintain(client, { aheadDays: 1, retentionDays: 30, oldestWaiting: null });
  const text = "all day long ".repeat(210);
  const record = makeRecord({ text, features: { version: "1", numbers: new Float32Array(312) } });
  const { statement, parts } = copyRows("routing_logs", ROW_COLUMNS);
  const line = toLine(record, { storeText: "full", hashKey: Buffer.alloc(32, 1) });
  await copyIn(client, statement, parts(batchOf([Buffer.from(`${line}\n`)])));
  const { rows } = await client.query(
    `SELECT pg_column_compression(user_text) AS text, pg_column_compression(features) AS features
     FROM routing_logs WHERE id = $1`,
    [record.id],
  );
  expect(rows).toEqual([{ text: null, features: "pglz" }]);
});
