import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidLowerBound } from "../../src/log/uuid-lower-bound.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const TIMES = [
  "1926-01-01T00:00:00Z",
  "1970-01-01T00:00:00Z",
  "2026-02-28T23:59:59.999Z",
  "2100-01-01T00:00:00.001Z",
];

test("uuidLowerBound() is not above an id of its time, and above all of the millisecond before", () => {
  const at = Date.parse("2026-02-28T12:00:00.123Z");
  for (const random of [() => 0, () => 0.999_999]) {
    const bound = uuidLowerBound(new Date(at));
    expect(createUuid7({ now: () => at, random })() >= bound).toBe(true);
    expect(createUuid7({ now: () => at - 1, random })() < bound).toBe(true);
  }
});

test("uuidLowerBound() is what routing_id_at() is in the database", async () => {
  for (const time of TIMES) {
    const [row] = await database.query("SELECT routing_id_at($1) AS id", [time]);
    expect(row?.id).toBe(uuidLowerBound(new Date(time)));
  }
});

test("routing_time_of() reads the time of an id to the millisecond", async () => {
  for (const time of TIMES.slice(1)) {
    const [row] = await database.query("SELECT routing_time_of($1) AS time", [
      uuidLowerBound(new Date(time)),
    ]);
    expect(row?.time).toEqual(new Date(time));
  }
});

test("routing_day_bound() is the beginning of a day of UTC, whatever the time zone of the session", async () => {
  const [row] = await database.query(
    `SELECT routing_day_bound('2026-03-29') AS id, routing_day_of(routing_day_bound('2026-03-29'))::text AS day
     FROM set_config('TimeZone', 'America/New_York', false)`,
  );
  expect(row).toEqual({ id: uuidLowerBound(new Date("2026-03-29T00:00:00Z")), day: "2026-03-29" });
});
