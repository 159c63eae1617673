import { describe, expect, test } from "vitest";
import { z } from "zod";
import { envelopeSchema, parseEnvelope, unknownEnvelopeKeys } from "../../src/request/envelope.ts";

describe("parseEnvelope()", () => {
  test("takes a body alone and reads all else as left out", () => {
    const parsed = parseEnvelope({ body: { model: "auto" } });
    expect(parsed).toMatchObject({
      ok: true,
      envelope: { body: { model: "auto" }, facts: null, caller: null, known: null, tags: null, ignored: [] },
    });
  });

  test.each([
    ["null", null, "found no JSON object"],
    ["a list", [], "found no JSON object"],
    ["no body", {}, "found no JSON object under body"],
    ["a null body", { body: null }, "found no JSON object under body"],
    ["a list as body", { body: [] }, "found no JSON object under body"],
    ["a text as body", { body: "hello" }, "found no JSON object under body"],
    ["a newer version", { api_version: 2, body: {} }, "found a newer api_version, expected at most 1"],
  ])("refuses %s", (_title, raw, message) => {
    const parsed = parseEnvelope(raw);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? "" : parsed.message).toContain(message);
  });

  test("leaves out known fields of another type, and names them", () => {
    const parsed = parseEnvelope({
      api_version: "one",
      body: {},
      tags: 5,
      headers: [],
      known: "yes",
      facts: { chars: "x", messages: 3, tool_names: [1] },
      caller: { budget_used_ratio: -1, team_id: "blue" },
    });
    expect(parsed).toMatchObject({
      ok: true,
      envelope: {
        tags: null,
        headers: null,
        facts: { chars: null, messages: 3 },
        caller: { team_id: "blue" },
      },
    });
    expect(parsed.ok ? parsed.envelope.ignored.map(({ path }) => path) : []).toEqual([
      "api_version",
      "known",
      "tags",
      "headers",
      "facts.chars",
      "facts.tool_names",
      "caller.budget_used_ratio",
    ]);
  });

  test("leaves out facts that are no object", () => {
    const parsed = parseEnvelope({ body: {}, facts: 7 });
    expect(parsed).toMatchObject({ ok: true, envelope: { facts: null, ignored: [{ path: "facts" }] } });
  });
});

describe("unknownEnvelopeKeys()", () => {
  test("lists keys of later versions, inner ones dotted, and nothing of the body", () => {
    const raw = JSON.parse(
      '{"body":{"anything":1},"colour":1,"__proto__":2,"constructor":3,"facts":{"words":1},"caller":{"org_id":"x"}}',
    );
    expect(unknownEnvelopeKeys(raw)).toEqual([
      "colour",
      "__proto__",
      "constructor",
      "facts.words",
      "caller.org_id",
    ]);
  });

  test.each([null, [], "x", 3, { body: {} }])("lists nothing for %j", (raw) => {
    expect(unknownEnvelopeKeys(raw)).toEqual([]);
  });
});

test("envelopeSchema requires the body alone, also as JSON schema", () => {
  const schema = z.toJSONSchema(envelopeSchema, { io: "input" });
  expect(schema.required).toEqual(["body"]);
});
