import { describe, expect, it } from "vitest";
import type { Context } from "../../src/decide/context.ts";
import { UNMEASURED } from "../../src/decide/model-health.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { catalogOf, decideWith, restingModels, scoreInText } from "./decide-with.ts";

const policyBy = (pick: string) =>
  policyOf(`
model_list:
  - {model_name: one, litellm_params: {model: openai/one}}
  - {model_name: two, litellm_params: {model: openai/two}}
  - {model_name: three, litellm_params: {model: openai/three}}
routing:
  fallback_tier: low
  tiers:
    low: {score_range: [0, 50], models: [one, two], pick: ${pick}}
    high: {score_range: [51, 100], models: [three, two]}
  aliases: {auto: auto_route}
  rules:
    - {name: floor, when: {tag: floor}, min_tier: high}
`);

/** The second call of a tool loop that a simple ask began. */
function loopStepOf(
  policy: ReturnType<typeof policyOf>,
  more: Partial<Context>,
  tags: readonly string[] = [],
  facts: Readonly<Record<string, unknown>> = {},
) {
  const call = { role: "assistant", tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] };
  const messages = [
    { role: "user", content: "how is 30?" },
    call,
    { role: "tool", tool_call_id: "a", content: "b" },
  ];
  const tools = [{ type: "function", function: { name: "f" } }];
  const context = { classify: scoreInText, ...more };
  const { trace } = decideWith(policy, { tags, facts, body: { messages, tools } }, context);
  return trace.find(({ step }) => step === "loop");
}

describe("leaveLoop()", () => {
  it("names the model that the loop began with, and why that cannot go on, beside one that never could", () => {
    const catalog = catalogOf({ one: { supports_function_calling: false }, two: {}, three: {} });
    expect(loopStepOf(policyBy("first"), { catalog, health: restingModels("two") })).toEqual({
      step: "loop",
      from: "two",
      to: "three",
      because: "it rests after failures in a row",
    });
  });

  it("names the model of an alias's pool, whatever models of the tiers could read of the history", () => {
    const policy = policyOf(`
model_list:
  - {model_name: gpt, litellm_params: {model: openai/gpt-5}}
  - {model_name: gem, litellm_params: {model: gemini/flash}}
  - {model_name: claude, litellm_params: {model: anthropic/claude-5}}
routing:
  fallback_tier: only
  tiers: {only: {model: claude}}
  aliases: {auto: {models: [gpt, gem]}}
`);
    const more = { health: restingModels("gpt") };
    const facts = { signed_thinking_by: "anthropic" };
    expect(loopStepOf(policy, more, [], facts)).toMatchObject({ from: "gpt", to: "gem" });
  });

  it("says nothing where the model that rests is not the one that the loop began with", () => {
    expect(loopStepOf(policyBy("first"), { health: restingModels("two") })).toBeUndefined();
  });

  it("says nothing where the loop's model is refused in a tier below the one that it serves in", () => {
    const health = restingModels("three");
    expect(loopStepOf(policyBy("first"), { health }, ["floor"])).toMatchObject({ from: "three", to: "two" });
    const catalog = catalogOf({ one: {}, two: {}, three: { supports_function_calling: false } });
    expect(
      loopStepOf(policyBy("first"), { catalog, health: restingModels("one") }, ["floor"]),
    ).toBeUndefined();
  });

  it("goes by the latencies of models that rest, too", () => {
    const health = new Map([
      ["one", { ...UNMEASURED, latencyMs: 9_000 }],
      ["two", { ...UNMEASURED, latencyMs: 500, coolUntilMs: 1 }],
    ]);
    expect(loopStepOf(policyBy("latency"), { health })).toMatchObject({ from: "two", to: "one" });
  });
});
