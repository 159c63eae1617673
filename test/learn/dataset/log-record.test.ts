import { describe, expect, it } from "vitest";
import { parseLogRecord } from "../../../src/learn/dataset/log-record.ts";

const ID = "01a1fa80-507c-760a-b2bc-469b6c9a707f";
const TIERS = ["simple", "medium", "complex"];

const needs = (row: object) => {
  const parsed = parseLogRecord({ id: ID, tier: "simple", mode: "enforce", ...row }, TIERS);
  return parsed.ok ? parsed.value.needs.map(({ kind, value }) => [kind, value]) : parsed.problem;
};

describe("parseLogRecord()", () => {
  it.each(["turn", "fallback_depth", "feedback_up"])(
    "refuses a thousand in %s, which looks like a part of one",
    (column) => {
      for (const text of ["1,234", "1,000"]) {
        const parsed = parseLogRecord({ id: ID, [column]: text }, TIERS);
        expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(column) });
      }
    },
  );

  it("reads the texts of CSV as it reads JSON", () => {
    const json = {
      id: ID,
      user_text: "Why?",
      features: [1, null, 0.5],
      feature_version: "1",
      key_hash: null,
      cost_usd: 0.5,
      turn: 2,
      served_by: "small",
      labels: { "label:small": 0.25, "label:large": 1, "implicit:error": 1 },
    };
    const csv = {
      ...json,
      features: "[1,null,0.5]",
      key_hash: "",
      cost_usd: "0.5",
      turn: "2",
      applied_model: "",
      fallback_depth: "",
      feedback_up: "0",
      labels: JSON.stringify(json.labels),
    };
    const value = {
      id: ID,
      userText: "Why?",
      features: { version: "1", numbers: Float32Array.of(1, 0, 0.5) },
      keyHash: null,
      conversationId: null,
      turn: 2,
      outcomes: new Map([
        ["small", { quality: 0.25, costUsd: 0.5 }],
        ["large", { quality: 1, costUsd: null }],
      ]),
      needs: [],
      unknownTier: null,
    };
    expect(parseLogRecord(json, TIERS)).toEqual({ ok: true, value });
    expect(parseLogRecord(csv, TIERS)).toEqual({ ok: true, value });
    expect(parseLogRecord({ ...csv, cost_usd: "0,5", turn: "2,0" }, TIERS)).toEqual({ ok: true, value });
  });

  it.each([
    ["a named tier that is no more", { expected_tier: "huge", feedback_down: 1 }, "huge"],
    ["a thumb for one that is no more", { tier: "tiny", feedback_down: 1 }, "tiny"],
    ["no thumb for it", { tier: "tiny" }, null],
    ["a thumb for another model's answer", { tier: "tiny", feedback_down: 1, mode: "shadow" }, null],
    ["a named tier that is there", { tier: "tiny", expected_tier: "medium", feedback_down: 1 }, null],
    ["a row that was not routed", { tier: null, feedback_down: 1 }, null],
  ])("tells the tier that counts for nothing of %s", (_what, row, expected) => {
    const parsed = parseLogRecord({ id: ID, tier: "simple", mode: "enforce", ...row }, TIERS);
    expect(parsed).toMatchObject({ ok: true, value: { unknownTier: expected } });
  });

  it.each([
    ["a tier that was named", { expected_tier: "medium" }, [["tier", 0.5]]],
    ["a tier that is no more", { expected_tier: "huge" }, []],
    ["a thumb down of a cheap tier", { feedback_down: 1 }, [["feedback", 1]]],
    ["a thumb up of a cheap tier", { feedback_up: 2, feedback_down: 1 }, [["feedback", 0]]],
    ["thumbs that are even", { feedback_up: 1, feedback_down: 1 }, []],
    ["a thumb down of the dearest tier", { tier: "complex", feedback_down: 1 }, []],
    ["a thumb down of what was only decided", { mode: "shadow", feedback_down: 1 }, []],
    ["a dearer model that was asked next", { labels: { "implicit:escalated": 1 } }, [["signal", 1]]],
    ["a provider that failed", { labels: { "implicit:error": 1 }, status: "failure" }, []],
    ["an answer of which nobody complained", { status: "success" }, [["silence", 0]]],
  ])("makes of %s what it tells", (_title, row, expected) => {
    expect(needs(row)).toEqual(expected);
  });

  const diverted = {
    ...{ resolved_model: "small", status: "success", feedback_down: 1, expected_tier: "medium" },
    ...{ labels: { "implicit:escalated": 1, "label:large": 1, "label:small": 0 }, cost_usd: 2 },
  };
  const costs = (row: object) => {
    const parsed = parseLogRecord({ id: ID, tier: "simple", mode: "enforce", ...row }, TIERS);
    return parsed.ok ? [...parsed.value.outcomes].map(([model, { costUsd }]) => [model, costUsd]) : [];
  };

  it.each([
    ["a fallback", { applied_model: "small", served_by: "large", fallback_depth: 1 }, 2],
    ["a fallback that is not named", { applied_model: "small", served_by: null, fallback_depth: "1" }, null],
    ["a key that may not use what was decided on", { applied_model: "large" }, 2],
  ])("takes named tiers and scores alone where another model answered: %s", (_title, row, cost) => {
    expect(needs({ ...diverted, ...row })).toEqual([["tier", 0.5]]);
    expect(costs({ ...diverted, ...row })).toEqual([
      ["large", cost],
      ["small", null],
    ]);
  });

  it.each([
    ["as it was decided", { applied_model: "small", served_by: "small", fallback_depth: 0 }],
    ["after a fallback that came back to it", { served_by: "small", fallback_depth: 1 }],
    ["as far as anybody knows", { applied_model: "", served_by: "", fallback_depth: "" }],
  ])("takes all that was said of what was served %s", (_title, row) => {
    expect(needs({ ...diverted, ...row })).toEqual([
      ["tier", 0.5],
      ["feedback", 1],
      ["signal", 1],
    ]);
    expect(costs({ ...diverted, ...row })).toEqual([
      ["large", null],
      ["small", 2],
    ]);
  });

  it.each([
    [{ id: "7" }, "id: "],
    [{ id: ID, labels: "{" }, "labels: "],
    [{ id: ID, features: ["a"] }, "features.0: "],
  ])("says what is wrong with %j", (row, problem) => {
    expect(parseLogRecord(row, TIERS)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });
});
