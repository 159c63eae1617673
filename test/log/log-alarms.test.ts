import { describe, expect, test } from "vitest";
import { logAlarms } from "../../src/log/log-alarms.ts";

const kept = { alarms: ["1 row is in the default partitions"], lastError: "the disk is full", isAway: false };
const embedded = { lastError: "the model is away", isAway: false };

describe("logAlarms()", () => {
  test("tells what of upkeep and embeddings fails while rows are stored", () => {
    expect(logAlarms({ alarms: ["2 rows were dropped"], lastError: null }, kept, embedded)).toEqual([
      "2 rows were dropped",
      "the upkeep of the database could not do everything: the disk is full",
      "no embeddings are made: the model is away",
      "1 row is in the default partitions",
    ]);
  });

  test("tells an outage of the database once", () => {
    const written = { alarms: ["the database takes no rows: it is away"], lastError: "it is away" };
    const broken = { lastError: "Connection terminated", isAway: false };
    expect(logAlarms(written, { alarms: [], ...broken }, broken)).toEqual(written.alarms);
  });

  test("are none of a database that is back, though others have not looked since", () => {
    const away = { lastError: "it is away", isAway: true };
    expect(logAlarms({ alarms: [], lastError: null }, { alarms: [], ...away }, away)).toEqual([]);
  });

  test("are none where all is well and no embeddings are wished for", () => {
    const well = { alarms: [], lastError: null, isAway: false };
    expect(logAlarms(well, well, null)).toEqual([]);
  });
});
