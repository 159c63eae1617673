import { describe, expect, it } from "vitest";
import { providerOf } from "../../src/decide/provider.ts";
import { policyOf } from "../support/sidecar-app.ts";

function providerServing(deployment: string): string | null {
  const policy = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: "${deployment}"}}
routing: {fallback_tier: only, tiers: {only: {model: a}}}
`);
  return providerOf("a", { policy, catalog: null });
}

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
  ])("of %s is %s", (deployment, wanted) => {
    expect(providerServing(deployment)).toBe(wanted);
  });
});
