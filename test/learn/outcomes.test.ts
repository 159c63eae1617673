import { describe, expect, it } from "vitest";
import { parseOutcomeLine, parseScoreLine } from "../../src/learn/outcomes.ts";

const line = {
  id: 7,
  suite: "s",
  group: "g",
  prompt: "2 + 2?",
  models: { small: [0.5, null], large: [1, 0.002] },
};

describe("parseOutcomeLine()", () => {
  it("reads what each model reached and cost", () => {
    const models = new Map([
      ["small", { quality: 0.5, costUsd: null }],
      ["large", { quality: 1, costUsd: 0.002 }],
    ]);
    const value = { id: "7", suite: "s", group: "g", prompt: "2 + 2?", body: null, models };
    expect(parseOutcomeLine(JSON.stringify({ ...line, more: "ignored" }))).toEqual({ ok: true, value });
  });

  it("reads the body of a request, of no named suite or group", () => {
    const body = { messages: [{ role: "user", content: "2 + 2?" }] };
    const text = JSON.stringify({ id: 7, body, models: {} });
    const value = { id: "7", suite: "all", group: "all", prompt: "", body, models: new Map() };
    expect(parseOutcomeLine(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["{", "no JSON"],
    ["[]", "expected object"],
    [JSON.stringify({ ...line, prompt: undefined }), "prompt: "],
    [JSON.stringify({ ...line, models: { small: [1.5, null] } }), "models.small.0: "],
    [JSON.stringify({ ...line, models: { small: [1, -1] } }), "models.small.1: "],
    [JSON.stringify({ ...line, models: { small: 1 } }), "expected [score 0..1, cost in USD or null]"],
  ])("says what is wrong with %s", (text, problem) => {
    expect(parseOutcomeLine(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe("parseScoreLine()", () => {
  it("reads id and score of what `signalbox score` writes", () => {
    const text = JSON.stringify({ id: 7, score: 31.5, tier: "medium", confidence: null });
    expect(parseScoreLine(text)).toEqual({ ok: true, value: { id: "7", score: 31.5 } });
  });

  it("refuses a score that is no number", () => {
    expect(parseScoreLine('{"id":"a","score":null}')).toMatchObject({ ok: false });
  });
});
