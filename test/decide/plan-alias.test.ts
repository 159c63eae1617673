import { describe, expect, it } from "vitest";
import { policyOf } from "../support/sidecar-app.ts";
import { decideWith } from "./decide-with.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: only
  tiers: {only: {model: small}}
  aliases:
    shared: {models: [{model: small, weight: 6}, {model: large, weight: 1}, middle, {model: middle, weight: 9, enabled: false}]}
    spare: {models: [{model: large, enabled: false}, middle, small], pick: first}
`);

const CONVERSATIONS = 4_000;

const ask = (model: string, content: string) =>
  decideWith(POLICY, { body: { model, messages: [{ role: "user", content }] } });

describe("planAlias()", () => {
  it("splits conversations by the weights of a pool, and tells the chance of each model", () => {
    const decisions = Array.from({ length: CONVERSATIONS }, (_, at) => ask("shared", `hello ${at}`));
    const shareOf = (name: string) => decisions.filter(({ model }) => model === name).length / CONVERSATIONS;
    expect(Math.abs(shareOf("small") - 6 / 8)).toBeLessThan(0.03);
    expect(Math.abs(shareOf("large") - 1 / 8)).toBeLessThan(0.03);
    expect(Math.abs(shareOf("middle") - 1 / 8)).toBeLessThan(0.03);
    for (const { model, propensity, method, tier } of decisions) {
      expect(propensity).toBeCloseTo(model === "small" ? 6 / 8 : 1 / 8, 9);
      expect([method, tier]).toEqual(["alias", null]);
    }
  });

  it("keeps a conversation with its model, and has the others follow", () => {
    const { candidates } = ask("shared", "hello 1");
    expect(candidates.toSorted()).toEqual(["large", "middle", "small"]);
    expect(ask("shared", "hello 1").candidates).toEqual(candidates);
  });

  it("serves the first of a pool that is switched on, and draws nothing", () => {
    const { candidates, propensity, trace } = ask("spare", "hello");
    expect(candidates).toEqual(["middle", "small"]);
    expect(propensity).toBe(1);
    const drawOf = (steps: typeof trace) => steps.map((step) => step.step === "candidates" && "draw" in step);
    expect(drawOf(trace)).not.toContain(true);
    expect(drawOf(ask("shared", "hello").trace)).toContain(true);
  });
});
