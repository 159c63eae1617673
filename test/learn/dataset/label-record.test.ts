import { describe, expect, it } from "vitest";
import { parseLabel } from "../../../src/learn/dataset/label-record.ts";

const ID = "01a1fa80-507c-760a-b2bc-469b6c9a707f";

describe("parseLabel()", () => {
  it.each(["0,25", ",25", "0.25"])("reads %s of CSV as a quarter", (score) => {
    const record = { decision_id: ID, model: "small", score };
    expect(parseLabel(record)).toMatchObject({ value: { answer: { score: 0.25 } } });
  });

  it("reads a score of a model on a decision", () => {
    expect(parseLabel({ decision_id: ID.toUpperCase(), model: "small", score: 0.5 })).toEqual({
      ok: true,
      value: { about: { decisionId: ID }, answer: { model: "small", score: 0.5 }, tier: null },
    });
  });

  it("reads the texts of CSV, where what is empty is left out", () => {
    const record = { decision_id: "", prompt: "2 + 2?", model: "small", score: "1e-1", tier: "" };
    expect(parseLabel(record)).toEqual({
      ok: true,
      value: { about: { prompt: "2 + 2?" }, answer: { model: "small", score: 0.1 }, tier: null },
    });
  });

  it("reads a tier alone", () => {
    expect(parseLabel({ prompt: "2 + 2?", model: null, tier: "simple" })).toEqual({
      ok: true,
      value: { about: { prompt: "2 + 2?" }, answer: null, tier: "simple" },
    });
  });

  it.each([
    [[], "expected object"],
    [{ model: "small", score: 1 }, "expected either decision_id or prompt"],
    [{ decision_id: ID, prompt: "x", model: "small", score: 1 }, "expected either decision_id or prompt"],
    [{ decision_id: "7", model: "small", score: 1 }, "decision_id: "],
    [{ decision_id: ID, model: "small" }, "expected model and score together"],
    [{ decision_id: ID, score: 1 }, "expected model and score together"],
    [{ decision_id: ID }, "expected model and score, or tier"],
    [{ decision_id: ID, model: "small", score: 1.5 }, "score: expected a number in 0..1"],
    [{ decision_id: ID, model: "small", score: "0x1" }, "score: expected a number in 0..1"],
    [{ decision_id: ID, model: "small", score: "0,2,5" }, "score: expected a number in 0..1"],
    [{ decision_id: ID, model: "small", score: "2,5" }, "score: expected a number in 0..1"],
    [{ decision_id: ID, model: "small", score: true }, "score: expected a number in 0..1"],
    [{ decision_id: ID, model: "m".repeat(257), score: 1 }, "model: "],
    [{ decision_id: ID, model: "a\u0000b", score: 1 }, "model: expected a name without NUL"],
    [{ decision_id: ID, tier: "a\u0000b" }, "tier: expected a name without NUL"],
    [{ decision_id: ID, model: "small", score: 1, scroe: 1 }, "scroe"],
  ])("says what is wrong with %j", (record, problem) => {
    expect(parseLabel(record)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
