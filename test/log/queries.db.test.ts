import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { openTestLog } from "../support/test-log.ts";
import { makeRecord } from "./decision-record.ts";

const FILE = join(import.meta.dirname, "..", "..", "sql", "queries.sql");
const queries = new Map(
  readFileSync(FILE, "utf8")
    .split(/^-- name: /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n"))]),
);

let database: TestDatabase;
const ids: string[] = [];
beforeAll(async () => {
  database = await cloneDatabase();
  const recorder = openTestLog({ databaseUrl: database.url });
  for (const [minute, tier] of ["simple", "medium", "simple", null].entries()) {
    const record = makeRecord({ at: new Date(60_000 * minute), decision: { tier } });
    ids.push(record.id);
    recorder.record(record);
  }
  await recorder.close(20_000);
  await database.query("UPDATE routing_logs SET embedding = '\\x0000803f' WHERE id = $1", [ids[1]]);
});
afterAll(() => database.drop());

function run(name: string, values: readonly unknown[] = []) {
  return database.query(queries.get(name) ?? "", values);
}

test("sql/queries.sql names the three queries", () => {
  expect([...queries.keys()]).toEqual(["get_logs_by_tier", "get_logs_with_embeddings", "count_by_tier"]);
});

test("get_logs_by_tier gives the newest rows of a tier first", async () => {
  expect((await run("get_logs_by_tier", ["simple", 10])).map(({ id }) => id)).toEqual([ids[2], ids[0]]);
  expect((await run("get_logs_by_tier", ["simple", 1])).map(({ id }) => id)).toEqual([ids[2]]);
});

test("get_logs_with_embeddings gives the bytes of the embeddings there are", async () => {
  const [row, ...rest] = await run("get_logs_with_embeddings");
  expect(rest).toEqual([]);
  expect(row).toMatchObject({ id: ids[1], tier: "medium", embedding: Buffer.from([0, 0, 0x80, 0x3f]) });
});

test("count_by_tier counts the rows of each tier, and those of none", async () => {
  expect(await run("count_by_tier")).toEqual([
    { tier: "medium", count: "1" },
    { tier: "simple", count: "2" },
    { tier: null, count: "1" },
  ]);
});
