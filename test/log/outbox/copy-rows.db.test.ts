import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toArrayText } from "../../../src/log/array-text.ts";
import { copyIn } from "../../../src/log/copy-in.ts";
import { batchOf } from "../../../src/log/outbox/batch.ts";
import { copyRows, UnusualRowError } from "../../../src/log/outbox/copy-rows.ts";
import { toJsonLine } from "../../../src/log/row-line.ts";
import { emptyDatabase, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await emptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE TABLE copied (number int, id uuid, at timestamptz, text text, share float8,
    list json, numbers real[], tags text[], last boolean)`);
  await client.query("CREATE TABLE inserted (LIKE copied)");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const copy = copyRows("copied", {
  number: "int",
  id: "uuid",
  at: "time",
  text: "text",
  share: "float",
  list: "json",
  numbers: "reals",
  tags: "texts",
  last: "boolean",
});
/** What has a meaning to JSON, to COPY or to arrays, and anything else. */
const unit = fc.oneof(
  fc.constantFrom(...'\\"/{}[],:\t\n\r\b\f\v\u0001\u001b\u001f\u007f\u0080nNtx.01'),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const anyText = fc.string({ unit, maxLength: 60 });
/** Of three decimals, as features are. */
const anyNumber = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((count) => count / 1_000),
  fc.double({ noNaN: true, min: -1e30, max: 1e30 }),
);
const anyRow = fc.record({
  id: fc.uuid(),
  at: fc.option(fc.date({ min: new Date("1700-01-01"), max: new Date("2250-01-01"), noInvalidDate: true })),
  text: fc.option(anyText),
  share: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  list: fc.array(fc.jsonValue()),
  numbers: fc.option(fc.array(anyNumber, { minLength: 1, maxLength: 40 }).map(toArrayText)),
  tags: fc.array(fc.string({ unit, maxLength: 6 })),
  last: fc.option(fc.boolean()),
});

const linesOf = (rows: readonly object[]) => rows.map((row) => Buffer.from(`${toJsonLine(row)}\n`));

test("copyIn() stores what INSERT stores of the same rows, to the byte", async () => {
  let copied = 0;
  const property = fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 30 }), async (rows) => {
    await client.query("TRUNCATE copied, inserted");
    const batch = batchOf(linesOf(rows.map((row, number) => ({ number, ...row }))));
    try {
      await copyIn(client, copy.statement, copy.parts(batch));
    } catch (error) {
      if (!(error instanceof UnusualRowError)) throw error;
      return;
    }
    copied += 1;
    await client.query("INSERT INTO inserted SELECT * FROM json_populate_recordset(NULL::inserted, $1)", [
      batch.json(),
    ]);
    const asText = (table: string) => client.query(`SELECT t::text FROM ${table} t ORDER BY number`);
    expect((await asText("copied")).rows).toEqual((await asText("inserted")).rows);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(copied).toBeGreaterThan(100);
});

const usual = (number: number, text = "a") => {
  const id = "0193a0b4-6d55-4c11-9f3e-000000000001";
  const at = "2026-11-28T16:35:13.906Z";
  return { number, id, at, text, share: 0.5, list: [], numbers: "{1}", tags: [], last: true };
};
const count = async () => (await client.query("SELECT count(*)::int FROM copied")).rows[0];

test("copyIn() stores all rows of many parts", async () => {
  await client.query("TRUNCATE copied");
  const rows = Array.from({ length: 3_000 }, (_, number) => usual(number, "x".repeat(1_000)));
  await copyIn(client, copy.statement, copy.parts(batchOf(linesOf(rows))));
  const { rows: found } = await client.query(
    "SELECT count(DISTINCT number)::int AS numbers, count(DISTINCT text)::int AS texts, min(text) AS text FROM copied",
  );
  expect(found).toEqual([{ numbers: rows.length, texts: 1, text: "x".repeat(1_000) }]);
});

test("copyIn() lets others have their turn within many rows", async () => {
  const rows = Array.from({ length: 3_000 }, (_, number) => usual(number, "x".repeat(1_000)));
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  await copyIn(client, copy.statement, copy.parts(batchOf(linesOf(rows))));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(5);
});

test.each([
  ["the first part", 0],
  ["a later part", 2_999],
])(
  "copyIn() stores no row where one of %s is unusual or refused, and leaves the connection usable",
  async (_name, at) => {
    await client.query("TRUNCATE copied");
    const rows = Array.from({ length: 3_000 }, (_, number) => usual(number, "x".repeat(1_000)));
    const store = (changed: object) =>
      copyIn(
        client,
        copy.statement,
        copy.parts(batchOf(linesOf(rows.with(at, { ...usual(at), ...changed })))),
      );
    await expect(store({ last: 1 })).rejects.toThrow(UnusualRowError);
    await client.query("ALTER TABLE copied ADD CONSTRAINT odd CHECK (text <> 'odd')");
    await expect(store({ text: "odd" })).rejects.toThrow("odd");
    await client.query("ALTER TABLE copied DROP CONSTRAINT odd");
    await expect(
      copyIn(client, "COPY nothing FROM STDIN", copy.parts(batchOf(linesOf(rows)))),
    ).rejects.toThrow("does not exist");
    expect(await count()).toEqual({ count: 0 });
    await store({});
    expect(await count()).toEqual({ count: rows.length });
  },
);
