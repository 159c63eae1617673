import { describe, expect, it } from "vitest";
import { environmentNames, findModelKeys } from "../../../src/cli/up/model-list.ts";

const gateway = `
model_list:
  - model_name: small
    litellm_params: {model: ollama_chat/qwen3:4b, api_base: os.environ/OLLAMA_BASE_URL}
  - model_name: mid
    litellm_params: {model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY, organization: os.environ/ORG}
  - model_name: implied
    litellm_params: {model: anthropic/claude-opus-4-5}
`;

describe("findModelKeys()", () => {
  it("names every variable, also the one that LiteLLM takes by itself", () => {
    expect(findModelKeys(gateway, {}).names).toEqual([
      "ANTHROPIC_API_KEY",
      "OLLAMA_BASE_URL",
      "OPENAI_API_KEY",
      "ORG",
    ]);
  });

  it("finds none usable where no variable is set, and counts an empty one as unset", () => {
    const keys = findModelKeys(gateway, { OPENAI_API_KEY: "" });
    expect(keys.noneUsable).toBe(true);
    expect(keys.unusable).toEqual(["small", "mid", "implied"]);
  });

  it("keeps a model whose key is set while another variable of it is not", () => {
    const keys = findModelKeys(gateway, { OPENAI_API_KEY: "k" });
    expect(keys.noneUsable).toBe(false);
    expect(keys.unusable).toEqual(["small", "implied"]);
    expect(keys.missing).toEqual(["ANTHROPIC_API_KEY", "OLLAMA_BASE_URL", "ORG"]);
  });

  it("leaves a model out whose key is not set while another variable of it is", () => {
    expect(findModelKeys(gateway, { ORG: "o" }).unusable).toContain("mid");
  });

  it("keeps a name of which one deployment is usable", () => {
    const two = `${gateway}  - model_name: mid\n    litellm_params: {model: openai/local, api_key: none}\n`;
    const keys = findModelKeys(two, {});
    expect(keys.unusable).not.toContain("mid");
    expect(keys.noneUsable).toBe(false);
  });
});

describe("environmentNames()", () => {
  it("finds names at any depth and nothing in plain text", () => {
    expect(
      environmentNames({ a: ["os.environ/A", { b: "os.environ/B" }], c: "see os.environ/C", d: null }),
    ).toEqual(["A", "B"]);
  });
});
