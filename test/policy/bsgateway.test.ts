import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/policy.ts";

const TEXT = readFileSync(new URL("bsgateway.yaml", import.meta.url), "utf8");
const ENV = { OLLAMA_API_BASE: "http://ollama:11434" };

function load(text: string): Policy {
  const result = loadPolicyText(text, { file: "gateway.yaml", env: ENV });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policy;
}

describe("loadPolicyText() takes the routing section of BSGateway", () => {
  it("with its tiers, alias and pattern", () => {
    const { tiers, aliases, patterns, fallbackTier } = load(TEXT);
    expect(tiers.map(({ name, low, high, models }) => [name, low, high, models[0]?.model])).toEqual([
      ["simple", 0, 30, "local"],
      ["medium", 31, 65, "gpt-4o-mini"],
      ["complex", 66, 100, "claude-opus"],
    ]);
    expect(aliases.get("auto")).toEqual({ kind: "auto_route", via: [] });
    expect(patterns.map(({ source }) => source)).toEqual(["claude-*"]);
    expect(fallbackTier).toBe("medium");
  });

  it("with its seconds as milliseconds", () => {
    const { classifier, collector } = load(TEXT);
    expect(classifier.llm).toEqual({
      api: "ollama",
      apiBase: ENV.OLLAMA_API_BASE,
      model: "glm-4.7-flash",
      apiKey: null,
      timeoutMs: 3000,
      maxShare: 0.15,
      maxConcurrent: 2,
      inputCostPerToken: null,
      outputCostPerToken: null,
    });
    expect(collector.embedding).toEqual({
      apiBase: ENV.OLLAMA_API_BASE,
      model: "qwen3-embedding",
      maxChars: 1000,
      timeoutMs: 5000,
    });
  });

  it("with its static settings, under static or beside strategy", () => {
    const nested = load(TEXT).classifier.static;
    expect(nested.weights).toMatchObject({ tokenCount: 0.25, systemPrompt: 0.2, toolUsage: 0.05 });
    expect(nested.tokenThresholds).toEqual({ low: 500, medium: 2000, high: 8000 });
    expect([nested.complexKeywords.length, nested.simpleKeywords.length]).toEqual([15, 10]);
    const file = z
      .looseObject({ routing: z.looseObject({ classifier: z.looseObject({ static: z.looseObject({}) }) }) })
      .parse(parse(TEXT));
    const { static: settings, ...rest } = file.routing.classifier;
    const flat = stringify({ ...file, routing: { ...file.routing, classifier: { ...rest, ...settings } } });
    expect(load(flat).classifier.static).toEqual(nested);
  });

  it("and says what is not as it was", () => {
    expect(load(TEXT).warnings.map(({ path }) => path)).toEqual([
      "routing.aliases.auto",
      "routing.auto_route_patterns[0]",
      "routing.classifier.llm.timeout",
      "routing.collector.embedding.timeout",
    ]);
  });

  it("but not the sections of LiteLLM beside it", () => {
    const result = loadPolicyText(`${TEXT}\nlitellm_settings: {drop_params: true}\n`, {
      file: "g.yaml",
      env: ENV,
    });
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(["litellm_settings"]);
  });
});
