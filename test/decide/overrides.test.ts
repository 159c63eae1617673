import { describe, expect, it } from "vitest";
import { overrideHeaders, readOverrides } from "../../src/decide/overrides.ts";
import { NO_STEERING } from "../../src/decide/steering.ts";
import { read } from "../request/read.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const policyFor = (allowed: string) => policyOf(`${POLICY}  allow_overrides: ${allowed}\n`);
const ask = (headers: Record<string, string>, allowed = "all", team_id = "team-1") =>
  readOverrides(read({ messages: [] }, { headers, caller: { team_id } }), {
    policy: policyFor(allowed),
    catalog: null,
  });

describe("overrideHeaders()", () => {
  it("names the headers that are read, in the order in which they win, and none where nobody may override", () => {
    const headers = [
      ...["x-signalbox-priority", "x-signalbox-tier", "x-signalbox-min-tier", "x-signalbox-pick"],
      ...["x-signalbox-prefer", "x-signalbox-hint", "x-routing-strategy", "x-prefer-provider"],
    ];
    expect(overrideHeaders(policyFor("all"))).toEqual(headers);
    expect(overrideHeaders(policyFor("[team-1]"))).toEqual(headers);
    expect(overrideHeaders(policyFor("none"))).toEqual([]);
  });
});

describe("readOverrides()", () => {
  it("tells what it followed and what it did not", () => {
    expect(ask({ "x-signalbox-pick": " cost ", "x-signalbox-hint": "many" })).toEqual({
      steering: { ...NO_STEERING, pick: "cost" },
      taken: ["x-signalbox-pick"],
      ignored: ["x-signalbox-hint: expected a number in 0..100"],
    });
  });

  it.each(["none", "[team-2]"])("follows nothing where the policy lets %s override", (allowed) => {
    expect(ask({ "x-signalbox-pick": "cost" }, allowed)).toEqual({
      steering: NO_STEERING,
      taken: [],
      ignored: ["x-signalbox-pick: this caller may not override"],
    });
  });

  it.each(["first", "cost", "latency", "quality", "balanced", "weighted"])("follows the pick %s", (pick) => {
    expect(ask({ "x-signalbox-pick": pick }).steering.pick).toBe(pick);
  });

  it.each([
    ["0", 0],
    ["100", 100],
    ["12.345678", 12.345678],
  ])("reads the hint %s", (hint, wanted) => {
    expect(ask({ "x-signalbox-hint": hint }).steering.hint).toBe(wanted);
  });

  it.each(["", "100.1", "-1", "1e1", "0x10", "5%", "1.2345678", "1."])("reads no hint in %j", (hint) => {
    expect(ask({ "x-signalbox-hint": hint })).toMatchObject({
      steering: { hint: null },
      ignored: ["x-signalbox-hint: expected a number in 0..100"],
    });
  });

  it("takes the word none for no part of a team's name", () => {
    expect(ask({ "x-signalbox-pick": "cost" }, "none", "one").taken).toEqual([]);
  });

  it("asks for nothing without headers", () => {
    expect(ask({})).toEqual({ steering: NO_STEERING, taken: [], ignored: [] });
  });
});
