import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseEnvelope, unknownEnvelopeKeys } from "../../src/request/envelope.ts";
import { callerSchema, envelopeSchema, factsSchema } from "../../src/request/envelope-schema.ts";
import { isObject } from "../../src/request/json.ts";

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
      facts: {
        chars: "x",
        messages: 3,
        asks: [
          [1, 2, 3],
          [1, 2],
        ],
        tool_names: [1],
      },
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
      "facts.asks",
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

/** What the schema makes of an envelope: the fields, and the paths of those that hold something it left out. */
function readBySchema(raw: unknown) {
  const parsed = envelopeSchema.safeParse(raw);
  if (!parsed.success)
    return { ok: false, message: parsed.error.issues.map(({ message }) => message).join("; ") };
  const { facts, caller } = parsed.data;
  const given = isObject(raw) ? raw : {};
  const paths = [
    ...leftOut(given, parsed.data).map((key) => key),
    ...leftOut(given.facts, facts).map((key) => `facts.${key}`),
    ...leftOut(given.caller, caller).map((key) => `caller.${key}`),
  ];
  const ignored = paths.map((path) => ({ path, note: "has another type than expected: ignored" }));
  return { ok: true, envelope: { ...parsed.data, ignored } };
}

function leftOut(raw: unknown, parsed: object | null): string[] {
  if (!isObject(raw) || parsed === null) return [];
  return Object.entries(parsed)
    .filter(([key, value]) => value === null && raw[key] !== null && raw[key] !== undefined)
    .map(([key]) => key);
}

describe("parseEnvelope() beside its schema", () => {
  const odd = fc.constantFrom(
    ...[0, -0, -1, 0.5, 1, 2, 2 ** 53, 1e308, true, "", "x", "2", null],
    ...[[], [1], ["a"], ["a", null], {}, { a: 1 }, { constructor: 1 }, { constructor: { prototype: 1 } }],
  );
  const value = fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: fc.jsonValue() });
  const any = fc.oneof(value, fc.constant(undefined));
  /** Objects with any of these keys, each with any value or left out. */
  const objectOf = (keys: readonly string[], fields: Record<string, fc.Arbitrary<unknown>> = {}) =>
    fc.record({ ...Object.fromEntries(keys.map((key) => [key, any])), ...fields }, { requiredKeys: [] });
  const body = fc.oneof(value, fc.constant({ model: "auto" }), fc.dictionary(fc.string(), value));
  const facts = fc.oneof(value, objectOf([...Object.keys(factsSchema.shape), "later"]));
  const caller = fc.oneof(value, objectOf([...Object.keys(callerSchema.shape), "later"]));
  const envelope = objectOf([...Object.keys(envelopeSchema.shape), "later"], { body, facts, caller });
  // As text, so that a key may be __proto__ and a number too large for one.
  const text = fc
    .tuple(envelope, fc.constantFrom("x", '"later"', '"a"'), fc.constantFrom('"__proto__"', '"constructor"'))
    .map(([raw, from, to]) => JSON.stringify(raw).replaceAll(from, to).replaceAll("1e+308", "1e999"));

  test("reads any envelope as the schema does, and names the same fields as ignored", () => {
    const seen = { ok: 0, refused: 0 };
    fc.assert(
      fc.property(text, (json) => {
        fc.pre(isJson(json));
        const raw: unknown = JSON.parse(json);
        const wanted = readBySchema(raw);
        seen[wanted.ok ? "ok" : "refused"] += 1;
        expect(parseEnvelope(raw)).toStrictEqual(wanted);
      }),
      { numRuns: 3_000 },
    );
    expect(seen.ok).toBeGreaterThan(500);
    expect(seen.refused).toBeGreaterThan(100);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
