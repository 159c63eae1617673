import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSnapshot } from "../../src/compose.ts";
import type { Catalog, CatalogModel } from "../../src/decide/catalog.ts";
import type { Context } from "../../src/decide/context.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import type { ModelHealth } from "../../src/decide/model-health.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { policyOf } from "../support/sidecar-app.ts";

/** Everything that chooses by what a request has grown to: rules, limits, picks by cost, splits, the trained classifier. */
const POLICY = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b}}
  - {model_name: c, litellm_params: {model: anthropic/c}}
  - {model_name: d, litellm_params: {model: openai/d}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 30], models: [a, b], pick: cost}
    medium: {score_range: [31, 60], models: [a, b, c], pick: balanced}
    complex: {score_range: [61, 100], models: [{model: b, weight: 2}, {model: c, weight: 1}, {model: d, weight: 1}], pick: weighted}
  aliases: {auto: auto_route, cheap: {pick: cost}, good: {pick: quality}, pool: {models: [a, b, c], pick: balanced}}
  rules:
    - {name: long, when: {min_input_tokens: 2000}, min_tier: medium, stop: false}
    - {name: short, when: {max_input_tokens: 300}, max_tier: medium, stop: false}
    - {name: seen, when: {has_images: true}, pick: quality, stop: false}
    - {name: planned, when: {harness_matches: plan mode}, min_tier: complex, stop: false}
    - {name: dear, when: {has_tools: false}, max_cost_usd: 0.02}
  classifier: {strategy: ml, ml: {artifact: artifacts/complexity.json}}
`);

const UNLIMITED = { maxInputTokens: null, maxOutputTokens: null };
const model = (name: string, [input, cached, output]: readonly [number, number, number]): CatalogModel => ({
  ...{ name, deployment: null, ...UNLIMITED },
  ...{ inputCostPerToken: input, cachedInputCostPerToken: cached, outputCostPerToken: output },
  ...{ supportsVision: null, supportsFunctionCalling: null, supportsResponseSchema: null },
  supportsReasoning: null,
});
const PRICED = [
  model("a", [1e-6, 1e-6, 2e-6]),
  model("b", [1.3e-6, 1e-7, 2e-6]),
  model("c", [3e-6, 3e-7, 1.5e-5]),
  model("d", [1e-5, 1e-6, 4e-5]),
];
const catalogOf = (models: readonly CatalogModel[]): Catalog => {
  return { revision: "r", models: new Map(models.map((one) => [one.name, one])), wildcards: [] };
};
const SNAPSHOT = createSnapshot(POLICY);

function decideOn(body: unknown, given: Partial<Context> = {}): Decision {
  const parsed = parseEnvelope({ body });
  if (!parsed.ok) throw new Error(parsed.message);
  const context = { ...SNAPSHOT, catalog: catalogOf(PRICED), draw: 0.4, now: new Date(0), ...given };
  return decide(readRequest(parsed.envelope), context);
}

const words = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    ...["hello", "Prove that the square root of 2 is irrational.", "refactor this module", "谢谢你的帮助"],
    ...[
      "Design a fault-tolerant system.\n```ts\nconst a = 1;\n```",
      "<system-reminder>plan mode</system-reminder>fix it",
    ],
  ),
);
const said = fc.tuple(words, fc.nat(400)).map(([text, times]) => text.repeat(1 + Math.floor(times / 4)));
const history = fc.array(fc.tuple(words, said), { maxLength: 3 });
const result = fc.record({
  text: fc.tuple(said, fc.constantFrom(1, 1, 40)).map(([text, times]) => text.repeat(times)),
  image: fc.boolean(),
  reminder: fc.constantFrom("", "<system-reminder>Plan mode is active.</system-reminder>"),
});
const loop = fc.record({
  name: fc.constantFrom("auto", "cheap", "good", "pool"),
  system: fc.constantFrom("", "You are a coding agent. Plan and review the architecture."),
  history,
  ask: words,
  results: fc.array(result, { minLength: 1, maxLength: 6 }),
  draw: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

const IMAGE = { type: "image", source: { type: "base64", media_type: "image/png", data: "" } };

/** The bodies that an agent sends over Anthropic messages: the human's turn, then the same and more after each tool. */
function bodiesOf({ name, system, history: turns, ask, results }: Omit<Loop, "draw">): unknown[] {
  const before = turns.flatMap(([asked, answer]) => [
    { role: "user", content: `Question: ${asked}` },
    { role: "assistant", content: answer },
  ]);
  const steps = results.map(({ text, image, reminder }, i) => [
    { role: "assistant", content: [{ type: "tool_use", id: `t${i}`, name: "read", input: { at: text } }] },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: `t${i}`,
          content: [{ type: "text", text }, ...(image ? [IMAGE] : [])],
        },
        { type: "text", text: reminder },
      ],
    },
  ]);
  const first = [...before, { role: "user", content: `Do: ${ask}` }];
  return [0, ...steps.keys()].map((_, length) => {
    return { model: name, system, messages: [...first, ...steps.slice(0, length).flat()] };
  });
}

type Loop = typeof loop extends fc.Arbitrary<infer Value> ? Value : never;

const SMALL = catalogOf(
  PRICED.map((one, i) => ({ ...one, maxInputTokens: 3_000 * (i + 1), supportsVision: i > 1 })),
);
const RESTS: ModelHealth = {
  ...{ samples: 1, latencyMs: null, latencyP50Ms: null, latencyP95Ms: null, ttftMs: null },
  ...{ errorRate: null, coolUntilMs: 1 },
};

const stepsOf = ({ trace }: Decision) => trace.filter(({ step }) => step === "loop");

/** A switch has its step in the trace, and only a switch has. */
function expectToldSwitch(first: Decision, later: Decision): void {
  const steps = later.model === first.model ? [] : [{ from: first.model, to: later.model }];
  expect(stepsOf(later)).toMatchObject(steps);
}

describe("decide() inside a tool loop", () => {
  it("stays with the model, the tier and the score of the human turn, however much the tools say", () => {
    fc.assert(
      fc.property(loop, ({ draw, ...given }) => {
        const decisions = bodiesOf(given).map((body) => decideOn(body, { draw }));
        const [first] = decisions;
        for (const { model: chosen, tier, score, reason, candidates } of decisions) {
          expect({ chosen, tier, score, reason, candidates }).toEqual({
            ...{ chosen: first?.model, tier: first?.tier, score: first?.score },
            ...{ reason: first?.reason, candidates: first?.candidates },
          });
        }
        expect(decisions.flatMap(stepsOf)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves it only where it cannot go on, says so, and says nothing where it stays", () => {
    fc.assert(
      fc.property(loop, fc.subarray(["a", "b", "c", "d"]), ({ draw, ...given }, resting) => {
        const [asked, ...later] = bodiesOf(given);
        const first = decideOn(asked, { draw, catalog: SMALL });
        expect(stepsOf(first)).toEqual([]);
        // Where the turn alone fits nowhere, nothing is left to stay with.
        if (first.reason.includes("no model")) return;
        const health = new Map(resting.map((one) => [one, RESTS]));
        for (const body of later) expectToldSwitch(first, decideOn(body, { draw, catalog: SMALL, health }));
      }),
      { numRuns: 200 },
    );
  });
});
