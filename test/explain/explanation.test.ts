import { describe, expect, it } from "vitest";
import { describeExplanation } from "../../src/cli/describe-explanation.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { CatalogModel } from "../../src/decide/catalog.ts";
import type { Context } from "../../src/decide/context.ts";
import { decide } from "../../src/decide/decide.ts";
import { explainDecision } from "../../src/explain/explanation.ts";
import { toldOf } from "../../src/explain/flip-words.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";

const policyWith = (rules: string) =>
  policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: blind, litellm_params: {model: openai/blind}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: aside, litellm_params: {model: openai/aside}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 46], model: small}
    medium: {score_range: [47, 55], models: [blind, large]}
    complex: {score_range: [56, 100], model: large}
  aliases: {auto: auto_route}
  rules: [${rules}]
  classifier: {strategy: static}
`);

const model = (name: string, supportsVision: boolean): CatalogModel => ({
  ...{ name, supportsVision, deployment: null, inputCostPerToken: null, outputCostPerToken: null },
  ...{ cachedInputCostPerToken: null, maxInputTokens: null, maxOutputTokens: null },
  ...{ supportsFunctionCalling: null, supportsResponseSchema: null, supportsReasoning: null },
});
const MODELS = new Map(
  [model("small", true), model("blind", false), model("large", true), model("aside", false)].map((m) => [
    m.name,
    m,
  ]),
);

const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };

/** Explains a request with a score, in the words of the command line. */
function explained(rules: string, score: number, body: Record<string, unknown> = {}, envelope = {}) {
  const policy = policyWith(rules);
  const messages = [{ role: "user", content: [{ type: "text", text: "tell me of the harbour" }] }];
  const request = read({ model: "auto", messages, ...body }, envelope);
  const context: Context = {
    ...createSnapshot(policy),
    classify: () => ({ strategy: "static", score, confidence: null, signals: () => [] }),
    catalog: { revision: "1", models: MODELS, wildcards: [] },
    draw: 0,
    now: new Date("2026-01-05T12:30:00Z"),
  };
  const decision = decide(request, context);
  const text = describeExplanation(explainDecision({ request, context }, decision), toldOf(decision, policy));
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

describe("explainDecision()", () => {
  it("says how much lower and higher a score would have led elsewhere, the nearer first", () => {
    expect(explained("", 47.3)).toEqual([
      "score below 47 (0.31 lower): simple (0-46), small",
      "score 56 or more (8.70 higher): complex (56-100), large",
    ]);
    expect(explained("", 54.9)[0]).toBe("score 56 or more (1.10 higher): complex (56-100), large");
  });

  it("says where a request would have gone without a rule, and that no score decides", () => {
    expect(explained("{name: agents, tier: complex}", 10)).toEqual([
      'without the rule "agents": simple (0-46), small, by score 10.0',
      "no classifier was asked, so no score decides",
    ]);
  });

  it("says what a refused model would have served, one of a tier and one that a rule asks for", () => {
    const image = { messages: [{ role: "user", content: [{ type: "text", text: "and this" }, IMAGE] }] };
    expect(explained("", 50, image)).toContain(
      "if blind could take it (it reads no images): medium (47-55), blind",
    );
    expect(explained("{name: eyes, model: aside}", 10, image)).toContain(
      "if aside could take it (it reads no images): aside",
    );
  });

  it.each([
    ["text_contains: [ship, boat]", 'text_contains wants one of "ship", "boat", found none of it'],
    ['text_matches: "b.at"', "text_matches wants a match of /b.at/, found none of it"],
    ["category: [math, code]", "category wants math, code, found agentic"],
    ["language: de", "language wants de, found en"],
    ["min_input_tokens: 500", "min_input_tokens wants at least 500, found about 10"],
    ["max_input_tokens: 3", "max_input_tokens wants at most 3, found about 10"],
    ["turns: {min: 3}", "turns wants 3 and more, found 1"],
    ["has_images: true", "has_images wants yes, found no"],
    ["has_tools: false", "has_tools wants no, found yes"],
    ["tool_name: [bash, edit*]", "tool_name wants bash, edit*, found look"],
    ["call_type: aresponses", "call_type wants aresponses, found none"],
    ["team_id: research", "team_id wants research, found core"],
    ["tag: nightly", "tag wants nightly, found a, b"],
    ["header: {x-kind: title}", "header x-kind wants title, found chat"],
    ["hour: 22-5", "hour wants 22-23, 0-5, found 12"],
    ["weekday: sat-sun", "weekday wants sat-sun, found mon"],
    ["min_budget_used_ratio: 0.9", "min_budget_used_ratio wants at least 0.9, found 0.5"],
    ["not: {team_id: core, turns: 1}", "not wants not (turns 1, team_id core), found turns 1, team_id core"],
  ])("says what a rule that nearly matched asks for, and what the request has: %s", (condition, words) => {
    const body = { tools: [{ type: "function", function: { name: "look", parameters: {} } }] };
    const envelope = {
      caller: { team_id: "core", budget_used_ratio: 0.5 },
      tags: ["a", "b"],
      headers: { "x-kind": "chat" },
    };
    const when = `{model_requested: auto, ${condition}}`;
    const [near] = explained(`{name: near, when: ${when}, tier: complex}`, 10, body, envelope).filter(
      (line) => line.startsWith("rule"),
    );
    expect(near).toMatch(/^rule "near" nearly matched: .*; with it: complex \(56-100\), large$/);
    const found = near?.replace(/^rule "near" nearly matched: |; with it: .*$/g, "");
    expect(found?.replace(/about \d+/, "about 10")).toBe(words.replace(/about \d+/, "about 10"));
  });

  it("says why nothing flips it: its own name, no score", () => {
    expect(explained("", 50, { model: "large" })).toEqual([
      "a model that is asked for by its own name is served whatever the request is",
    ]);
    expect(explained("{name: floor, min_tier: complex}", 10)).toEqual([
      'without the rule "floor": simple (0-46), small, by score 10.0',
      "no other score alone would lead elsewhere",
    ]);
  });
});

describe("explainDecision() in a tool loop", () => {
  it("compares a model that is supposed to be able by what it would have cost when the loop began", () => {
    const policy = policyOf(`
model_list:
  - {model_name: near, litellm_params: {model: openai/near}}
  - {model_name: cheaper, litellm_params: {model: openai/cheaper}}
routing:
  fallback_tier: only
  tiers: {only: {models: [near, cheaper], pick: cost}}
  aliases: {auto: auto_route}
`);
    const priced = (name: string, costUsd: number, supportsFunctionCalling: boolean) => {
      const costs = { inputCostPerToken: costUsd, outputCostPerToken: costUsd, supportsFunctionCalling };
      return [name, { ...model(name, true), ...costs }] as const;
    };
    const models = new Map([priced("near", 3e-6, true), priced("cheaper", 1e-6, false)]);
    const call = { id: "1", type: "function", function: { name: "look", arguments: "{}" } };
    const request = read({
      model: "auto",
      tools: [{ type: "function", function: { name: "look" } }],
      messages: [
        { role: "user", content: "look at the logs" },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "1", content: "a line of the log\n".repeat(5_000) },
      ],
    });
    const catalog = { revision: "1", models, wildcards: [] };
    const context: Context = { ...createSnapshot(policy), catalog, draw: 0, now: new Date(0) };
    const { flips } = explainDecision({ request, context }, decide(request, context));
    expect(flips).toMatchObject([{ change: { kind: "able", model: "cheaper" }, model: "cheaper" }]);
  });
});
