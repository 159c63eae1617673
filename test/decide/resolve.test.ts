import { describe, expect, it } from "vitest";
import { resolve } from "../../src/decide/resolve.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { catalogOf } from "./decide-with.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: gpt-5, litellm_params: {model: openai/gpt-5}}
  - {model_name: "team[ab]*", litellm_params: {model: openai/small}}
routing:
  fallback_tier: only
  tiers: {only: {model: small}}
  external_models: ["ui-*"]
  auto_route_patterns: [gpt-5, "team[ab]*"]
`);
const whatIs = (model: string, envelope: Record<string, unknown> = {}) =>
  resolve(read({ model, messages: [] }, envelope), POLICY, catalogOf({ small: {} }, ["vendor/*"]));

describe("resolve()", () => {
  it("takes a model that is named like a pattern for what serves while nothing is routed", () => {
    expect(whatIs("gpt-5")).toEqual({
      kind: "auto",
      method: "pattern",
      because: '"gpt-5" matches the pattern "gpt-5"',
    });
  });

  it("takes a wildcard that is named like a pattern for the same, though it matches other names", () => {
    // LiteLLM knows only * in its wildcards, so that it matches the brackets themselves.
    expect(whatIs("team[ab]x")).toMatchObject({ kind: "auto", method: "auto" });
    expect(whatIs("teama")).toMatchObject({ kind: "auto", method: "pattern" });
  });

  it.each([
    ["small", {}, '"small" is a model of model_list'],
    ["ui-chat", {}, '"ui-chat" is an external model'],
    ["other", { known: true }, 'LiteLLM knows "other"'],
    ["vendor/one", {}, '"vendor/one" matches LiteLLM\'s wildcard "vendor/*"'],
  ])("serves %s as asked, and says why", (model, envelope, because) => {
    expect(whatIs(model, envelope)).toEqual({ kind: "passthrough", because });
  });
});
