import { describe, expect, it } from "vitest";
import { lockOf } from "../../src/decide/history-lock.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { decideWith, scoreInText } from "./decide-with.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: openai, litellm_params: {model: openai/gpt-5}}
  - {model_name: azure, litellm_params: {model: azure/ours}}
  - {model_name: chatgpt, litellm_params: {model: chatgpt/gpt-5}}
  - {model_name: gemini, litellm_params: {model: gemini/flash}}
  - {model_name: vertex, litellm_params: {model: vertex_ai/flash}}
  - {model_name: vertex-beta, litellm_params: {model: vertex_ai_beta/flash}}
  - {model_name: vertex-claude, litellm_params: {model: vertex_ai/claude-5}}
  - {model_name: mistral, litellm_params: {model: mistral/large}}
routing:
  fallback_tier: only
  tiers: {only: {models: [openai, azure, chatgpt, gemini, vertex, vertex-beta, vertex-claude, mistral]}}
`);
const MODELS = [...POLICY.models.keys()];
const world = { policy: POLICY, catalog: null };

function readersOf(facts: Record<string, unknown>): string[] | null {
  const lock = lockOf(read({ messages: [] }, { facts }).facts, world);
  return lock === null ? null : MODELS.filter(lock.isOwn);
}

describe("lockOf()", () => {
  it.each([
    ["openai", ["openai", "azure", "chatgpt"]],
    ["gemini", ["gemini", "vertex", "vertex-beta"]],
    ["anthropic", ["vertex-claude"]],
    ["mistral", ["mistral"]],
  ])("leaves thinking signed by %s to that vendor's models wherever they are served", (by, wanted) => {
    expect(readersOf({ signed_thinking_by: by })).toEqual(wanted);
  });

  it("leaves a stored response to the account that stored it", () => {
    const id = `resp_${Buffer.from("litellm:custom_llm_provider:azure;model_id:m").toString("base64")}`;
    expect(readersOf({ previous_response_by: id })).toEqual(["azure"]);
    expect(readersOf({ previous_response_by: "resp_68af" })).toEqual(["openai"]);
    const named = `resp_${Buffer.from("x litellm:custom_llm_provider:azure;").toString("base64")}`;
    expect(readersOf({ previous_response_by: named })).toEqual(["openai"]);
  });

  it("is null where the writer is not known or serves no tier", () => {
    expect([readersOf({}), readersOf({ signed_thinking_by: "unknown" })]).toEqual([null, null]);
    expect(readersOf({ signed_thinking_by: "xai" })).toBeNull();
  });

  it("goes by the pool of an alias, which need not be in a tier", () => {
    const policy = (tier: string) =>
      policyOf(`
model_list:
  - {model_name: gpt, litellm_params: {model: openai/gpt-5}}
  - {model_name: gem, litellm_params: {model: gemini/flash}}
  - {model_name: claude, litellm_params: {model: anthropic/claude-5}}
routing:
  fallback_tier: only
  tiers: {only: {model: ${tier}}}
  aliases:
    ours: {models: [gpt, gem]}
    mixed: {models: [gem, claude]}
`);
    const facts = { signed_thinking_by: "anthropic" };
    const served = (tier: string, model: string) => {
      const body = { model, messages: [{ role: "user", content: "sum up" }] };
      const { candidates, method } = decideWith(policy(tier), { facts, body });
      return [method, ...candidates];
    };
    expect(served("claude", "ours")).toEqual(["alias", "gpt", "gem"]);
    expect(served("gpt", "mixed")).toEqual(["alias", "claude"]);
  });

  it("counts a profile of Bedrock, which does not tell its model, among those that may read it", () => {
    const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2";
    const policy = policyOf(`
model_list:
  - {model_name: haiku, litellm_params: {model: anthropic/claude-haiku}}
  - {model_name: gpt, litellm_params: {model: openai/gpt-5}}
  - {model_name: profile, litellm_params: {model: "bedrock/converse/${arn}"}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 50], models: [gpt, haiku]}
    complex: {score_range: [51, 100], model: profile}
`);
    const facts = { signed_thinking_by: "anthropic" };
    const body = { messages: [{ role: "user", content: "90" }] };
    const { candidates } = decideWith(policy, { facts, body }, { classify: scoreInText });
    expect(candidates).toEqual(["profile", "haiku"]);
  });

  it("takes a profile of Bedrock for the writer of what Claude signed alone", () => {
    const policy = policyOf(`
model_list:
  - {model_name: mini, litellm_params: {model: xai/mini}}
  - {model_name: profile, litellm_params: {model: "bedrock/arn:aws:bedrock:us-east-1:123456789012:inference-profile/a"}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 50], model: mini}
    complex: {score_range: [51, 100], model: profile}
`);
    const body = { messages: [{ role: "user", content: "9" }] };
    const served = (by: string) =>
      decideWith(policy, { facts: { signed_thinking_by: by }, body }, { classify: scoreInText }).model;
    expect(["anthropic", "gemini", "openai"].map(served)).toEqual(["profile", "mini", "mini"]);
  });

  it("takes a model that nobody lists for nobody's", () => {
    const lock = lockOf(read({ messages: [] }, { facts: { signed_thinking_by: "anthropic" } }).facts, world);
    expect(lock?.isOwn("never-listed")).toBe(false);
  });
});
