import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";
import { cpuMs } from "../support/cpu-time.ts";
import { createTestApp, policyOf } from "../support/sidecar-app.ts";

function gatewayWith(rules: readonly unknown[]): string {
  return stringify({
    model_list: ["small", "auto"].map((name) => ({
      model_name: name,
      litellm_params: { model: "openai/small" },
    })),
    routing: {
      fallback_tier: "low",
      aliases: { auto: "auto_route" },
      tiers: { low: { model: "small" } },
      rules,
    },
  });
}

const HEADERS = gatewayWith([
  { when: { header: { "X-App": "cli", "x-stage": "*" } }, tier: "low" },
  { when: { tag: "a", not: [{ header: { "x-team": "b" } }, { header: { "x-app": "c" } }] }, tier: "low" },
]);

describe("rules of a policy", () => {
  it("name the headers that they read, each once, in lower case, those under not too", () => {
    expect(policyOf(HEADERS).headerNames).toEqual(["x-app", "x-stage", "x-team"]);
  });

  it("change the policy's revision with anything in them, but not with a list in other words", () => {
    const revisionOf = (rule: unknown) => policyOf(gatewayWith([rule])).revision;
    const base = revisionOf({ when: { text_matches: "a" }, tier: "low" });
    const others = [
      { when: { text_matches: "b" }, tier: "low" },
      { when: { system_matches: "a" }, tier: "low" },
      { when: { text_matches: "a" }, tier: "low", stop: false },
      { name: "n", when: { text_matches: "a" }, tier: "low" },
      { when: { text_matches: "a", hour: 9 }, tier: "low" },
      { when: { text_matches: "a", hour: 9, time_zone: "Europe/Berlin" }, tier: "low" },
    ];
    expect(new Set([base, ...others.map(revisionOf)]).size).toBe(others.length + 1);
    expect(revisionOf({ when: { text_matches: ["a"] }, tier: "low", stop: true })).toBe(base);
  });

  it("load in time however many there are", () => {
    const rules = Array.from({ length: 500 }, (_, at) => ({
      when: { tag: `tag-${at}`, team_id: ["a", "b"], min_input_tokens: at, text_contains: `word ${at}` },
      tier: "low",
    }));
    const tookMs = cpuMs(() => {
      const result = loadPolicyText(gatewayWith(rules), { file: "gateway.yaml", env: {} });
      expect(result.ok ? result.policy.warnings.map(formatProblem) : result.problems).toEqual([]);
    });
    expect(tookMs).toBeLessThan(3_000);
  });
});

describe("POST /v1/route", () => {
  it("tells the callback the headers that rules read", () => {
    const { endpoints } = createTestApp({ policy: HEADERS });
    const route = endpoints.find(({ path }) => path === "/v1/route");
    const answer = route?.hot?.({ body: { model: "auto", messages: [] } });
    expect(answer).toMatchObject({
      json: { header_names: expect.arrayContaining(["x-app", "x-stage", "x-team"]) },
    });
  });
});
