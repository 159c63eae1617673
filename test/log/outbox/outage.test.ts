import { beforeEach, describe, expect, test } from "vitest";
import { Outage } from "../../../src/log/outbox/outage.ts";

describe("Outage", () => {
  let told: unknown[];
  let outage: Outage;
  beforeEach(() => {
    told = [];
    const note = (fields: unknown) => void told.push(fields);
    outage = new Outage({ info: note, warn: note });
  });

  test("is told once, however many write, and so is its end", () => {
    for (const who of ["logs", "outcomes", "feedback"]) outage.begin(who, "connect ECONNREFUSED");
    expect(told).toEqual([{ event: "log_database_away", error: "connect ECONNREFUSED" }]);
    outage.end("outcomes");
    outage.end("logs");
    expect(told).toHaveLength(1);
    outage.end("feedback");
    expect(told.slice(1)).toEqual([{ event: "log_database_back" }]);
  });

  test("tells each error of its own, and the next outage anew", () => {
    outage.begin("logs", "permission denied for table routing_logs");
    outage.begin("feedback", "connect ECONNREFUSED");
    expect(told).toHaveLength(2);
    outage.end("logs");
    outage.end("feedback");
    outage.begin("logs", "connect ECONNREFUSED");
    expect(told).toHaveLength(4);
  });

  test("says nothing where all is well", () => {
    outage.end("logs");
    expect(told).toEqual([]);
  });
});
