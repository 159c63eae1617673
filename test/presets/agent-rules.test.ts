import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readCaseFiles } from "../../src/cli/case-file.ts";
import { runCases } from "../../src/cli/run-cases.ts";
import { readFences } from "../support/markdown.ts";
import { policyOf } from "../support/sidecar-app.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PACK = readFileSync(join(ROOT, "presets", "agent-rules.yaml"), "utf8");

/** The rule pack where it belongs, with its own comments and indentation. */
const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: simple
  aliases: {auto: auto_route}
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 55], model: middle}
    complex: {score_range: [56, 100], model: large}
${PACK.replaceAll(/^/gm, "  ")}`);

describe("presets/agent-rules.yaml", () => {
  it("loads without a warning", () => {
    expect(POLICY.rules.length).toBeGreaterThan(5);
    expect(POLICY.warnings).toEqual([]);
  });

  for (const file of readCaseFiles(import.meta.dirname)) {
    it.each(runCases(file, () => POLICY))("$description", ({ differences }) => {
      expect(differences).toEqual([]);
    });
  }

  it("is what docs/rules.md shows", () => {
    const fences = readFences(readFileSync(join(ROOT, "docs", "rules.md"), "utf8"));
    const shown = fences.filter(({ text }) => text.includes("titles by system prompt"));
    expect(shown).toHaveLength(1);
    expect(parse(shown[0]?.text ?? "").routing.rules).toEqual(parse(PACK).rules);
  });
});
