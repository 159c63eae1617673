import { describe, expect, it } from "vitest";
import type { World } from "../../src/decide/eligible.ts";
import { isLocal, providerNames, providerOf } from "../../src/decide/provider.ts";
import { policyOf } from "../support/sidecar-app.ts";

function worldServing(deployment: string): World {
  const policy = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: "${deployment}"}}
routing: {fallback_tier: only, tiers: {only: {model: a}}}
`);
  return { policy, catalog: null };
}

const providerServing = (deployment: string) => providerOf("a", worldServing(deployment));

describe("providerOf()", () => {
  it.each([
    ["openai/gpt-5", "openai"],
    ["bedrock/eu/anthropic.claude", "bedrock"],
    ["claude-sonnet-5", "anthropic"],
    ["gpt-5-mini", "openai"],
    ["chatgpt-4o-latest", "openai"],
    ["o3", "openai"],
    ["gemini-3-pro", "vertex_ai"],
    ["/weights/gpt-5", null],
    ["my-gpt-5", null],
    ["my-claude-5", null],
    ["my-gemini-3", null],
  ])("of %s is %s", (deployment, wanted) => {
    expect(providerServing(deployment)).toBe(wanted);
  });
});

describe("providerNames()", () => {
  it.each([
    ["openai/gpt-5", ["openai"]],
    ["ollama/qwen3:4b", ["ollama"]],
    ["ollama_chat/qwen3:4b", ["ollama_chat", "ollama"]],
    ["together_ai/llama", ["together_ai", "together"]],
    ["my-gpt-5", []],
  ])("of %s are %j", (deployment, wanted) => {
    expect(providerNames("a", worldServing(deployment))).toEqual(wanted);
  });
});

describe("isLocal()", () => {
  it.each([
    ...["ollama", "ollama_chat", "lm_studio", "llamafile", "hosted_vllm", "vllm", "xinference"],
    ...["docker_model_runner", "lemonade"],
  ])("holds for what %s serves", (provider) => {
    expect(isLocal("a", worldServing(`${provider}/model`))).toBe(true);
  });

  it("does not hold for what somebody else serves, or nobody knows who", () => {
    expect([isLocal("a", worldServing("openai/gpt-5")), isLocal("a", worldServing("my-gpt-5"))]).toEqual([
      false,
      false,
    ]);
  });
});
