import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyIn } from "../../../src/log/copy-in.ts";
import { copyRows } from "../../../src/log/outbox/copy-rows.ts";
import { toJsonLine } from "../../../src/log/row-line.ts";
import { emptyDatabase, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await emptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const { text, share, list, tags } = COLUMNS;
  await client.query(
    `CREATE TABLE copied (id int, ${text} text, ${share} float8, ${list} json, ${tags} text[], last boolean)`,
  );
  await client.query("CREATE TABLE inserted (LIKE copied)");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** So long that leaving them out makes room for all escapes. */
const COLUMNS = {
  text: "t".repeat(60),
  share: "s".repeat(60),
  list: "l".repeat(60),
  tags: "a".repeat(60),
} as const;
const copy = copyRows("copied", {
  id: "value",
  [COLUMNS.text]: "value",
  [COLUMNS.share]: "value",
  [COLUMNS.list]: "json",
  [COLUMNS.tags]: "texts",
  last: "value",
});
/** What has a meaning to JSON, to COPY or to arrays, and anything else. */
const unit = fc.oneof(
  fc.constantFrom(...'\\"/{}[],:\t\n\r\b\f\v\u0001\u001b\u001f\u007f\u0080nNtx.01'),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const anyText = fc.string({ unit, maxLength: 60 });
const anyRow = fc.record({
  [COLUMNS.text]: fc.option(anyText),
  [COLUMNS.share]: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  [COLUMNS.list]: fc.array(fc.jsonValue()),
  [COLUMNS.tags]: fc.array(fc.string({ unit: fc.constantFrom(..."a ,{}é😀:;NUL"), maxLength: 6 })),
  last: fc.option(fc.boolean()),
});

test("copyIn() stores what INSERT stores of the same rows, to the byte", async () => {
  let copied = 0;
  const property = fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 30 }), async (rows) => {
    await client.query("TRUNCATE copied, inserted");
    const json = Buffer.from(`[${rows.map((row, id) => toJsonLine({ id, ...row })).join()}]`);
    const text = await copy.textOf(json);
    if (text === null) return;
    copied += 1;
    await copyIn(client, copy.statement, text);
    await client.query("INSERT INTO inserted SELECT * FROM json_populate_recordset(NULL::inserted, $1)", [
      json,
    ]);
    const asText = (table: string) => client.query(`SELECT t::text FROM ${table} t ORDER BY id`);
    expect((await asText("copied")).rows).toEqual((await asText("inserted")).rows);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(copied).toBeGreaterThan(100);
});

test("copyIn() stores no row where one is refused, and leaves the connection usable", async () => {
  await client.query("TRUNCATE copied");
  const text = Buffer.from("1\ta\t0.5\t[]\t{}\tt\n2\ta\tnone\t[]\t{}\tt\n");
  await expect(copyIn(client, copy.statement, text)).rejects.toThrow("invalid input syntax");
  await expect(copyIn(client, "COPY nothing FROM STDIN", text)).rejects.toThrow("does not exist");
  expect((await client.query("SELECT FROM copied")).rowCount).toBe(0);
});
