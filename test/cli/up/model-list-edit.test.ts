import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toCannedModels, toUsableModels } from "../../../src/cli/up/model-list-edit.ts";

const gateway = `
model_list:
  - model_name: small # kept
    litellm_params: {model: ollama_chat/qwen3:4b, api_base: os.environ/OLLAMA_BASE_URL}
    model_info: {max_input_tokens: 4096}
  - model_name: "claude-*"
    litellm_params: {model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY}
routing:
  fallback_tier: medium # why
`;

describe("toCannedModels()", () => {
  it("replaces where an entry leads, key included, and keeps its name and model_info", () => {
    expect(parse(toCannedModels(gateway)).model_list).toEqual([
      {
        model_name: "small",
        litellm_params: { model: "canned/ollama_chat/qwen3:4b" },
        model_info: { max_input_tokens: 4096 },
      },
      { model_name: "claude-*", litellm_params: { model: "canned/openai/gpt-5-mini" } },
    ]);
  });

  it("keeps the routing section and its comments", () => {
    expect(toCannedModels(gateway)).toContain("fallback_tier: medium # why");
  });
});

describe("toUsableModels()", () => {
  it("leaves out the entry whose key is not set", () => {
    const edited = parse(toUsableModels(gateway, { OPENAI_API_KEY: "k" }));
    expect(edited.model_list.map((entry: { model_name: string }) => entry.model_name)).toEqual(["claude-*"]);
    expect(edited.routing).toEqual({ fallback_tier: "medium" });
  });

  it("leaves the numbers of the others as they are written", () => {
    const priced = gateway.replace("max_input_tokens: 4096", "input_cost_per_token: 0.0000001, tpm: 010");
    const edited = toUsableModels(priced, { OLLAMA_BASE_URL: "http://127.0.0.1:1" });
    expect(edited).toMatch(/input_cost_per_token: 0\.0000001, tpm: 010/);
  });
});
