import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSnapshot } from "../../src/compose.ts";
import type { Context } from "../../src/decide/context.ts";
import { decide } from "../../src/decide/decide.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { policyOf } from "../support/sidecar-app.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: medium
  tiers:
    simple: {score_range: [0, 30], model: small}
    medium: {score_range: [31, 65], models: [{model: middle, weight: 2}, {model: small, weight: 1}], pick: weighted}
    complex: {score_range: [66, 100], model: large}
  aliases: {auto: auto_route, cheap: {pick: cost}, big: large}
  auto_route_patterns: ["claude-*"]
`);

const SNAPSHOT = createSnapshot(POLICY);
const NAMES = ["small", "middle", "large"];

const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("hello", "prove it", "```\ncode\n```"));
const part = fc.oneof(fc.jsonValue(), text, fc.record({ type: fc.constantFrom("text", "image_url"), text }));
const message = fc.record({
  role: fc.oneof(fc.constantFrom("user", "system", "assistant", "tool"), text),
  content: part,
});
const body = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()),
  fc.record(
    {
      model: fc.oneof(fc.constantFrom("auto", "cheap", "big", "claude-x", "small", "nobody"), fc.jsonValue()),
      messages: fc.oneof(fc.array(fc.oneof(message, fc.jsonValue())), fc.jsonValue()),
      input: part,
      prompt: part,
      system: part,
      tools: fc.jsonValue(),
      max_tokens: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
);

function decideOn(value: Record<string, unknown>, draw: number) {
  const parsed = parseEnvelope({ body: value });
  if (!parsed.ok) throw new Error(parsed.message);
  const request = readRequest(parsed.envelope);
  const context: Context = { ...SNAPSHOT, catalog: null, draw, now: new Date(0) };
  return { request, decision: decide(request, context) };
}

describe("decide()", () => {
  it("answers any JSON body, names only models of the policy or the requested one, and scores within 0..100", () => {
    fc.assert(
      fc.property(body, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (value, draw) => {
        const { request, decision } = decideOn(value, draw);
        const allowed = decision.method === "passthrough" ? [...NAMES, request.requestedModel] : NAMES;
        expect(allowed).toContain(decision.model);
        expect(decision.candidates.length).toBeGreaterThan(0);
        for (const candidate of decision.candidates) expect(allowed).toContain(candidate);
        expect(decision.candidates[0]).toBe(decision.model);
        if (decision.score !== null) expect(decision.score >= 0 && decision.score <= 100).toBe(true);
        expect(decision.rewrite).toBe(decision.model !== decision.requestedModel);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same decision for the same request, policy and draw", () => {
    fc.assert(
      fc.property(body, (value) => {
        const first = decideOn(value, 0.5).decision;
        expect(decideOn(structuredClone(value), 0.5).decision).toEqual(first);
      }),
    );
  });
});
