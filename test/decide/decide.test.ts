import { describe, expect, it } from "vitest";
import { RESTS } from "../../src/decide/eligible.ts";
import { UNMEASURED } from "../../src/decide/model-health.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { catalogOf, decideWith, restingModels, scoreInText } from "./decide-with.ts";

const TIERS = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 75], model: middle}
    complex: {score_range: [76, 100], model: large}
  aliases: {auto: auto_route}
`;
const POLICY = policyOf(TIERS);
const CLASSIFY = { classify: scoreInText };
const PRICE = { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };
const ASK = { role: "user", content: "how is 30?" };
const body = { messages: [ASK] };

describe("decide()", () => {
  it("tells the output limits of those candidates of which LiteLLM knows one", () => {
    const catalog = catalogOf({ small: { max_output_tokens: 4_096 }, middle: {}, large: {} });
    expect(decideWith(POLICY, { body }, { ...CLASSIFY, catalog }).maxOutputTokens).toEqual({ small: 4_096 });
    expect(decideWith(POLICY, { body }, CLASSIFY).maxOutputTokens).toEqual({});
  });

  it.each([
    [
      "more than the chosen model answers with",
      5_000,
      [{ step: "output", model: "small", asked: 5_000, limit: 4_096 }],
    ],
    ["as much as it answers with", 4_096, []],
    ["no limit", undefined, []],
  ])("tells of an output limit that is lowered: %s", (_, max_tokens, steps) => {
    const catalog = catalogOf({ small: { max_output_tokens: 4_096 }, middle: {}, large: {} });
    const decision = decideWith(POLICY, { body: { ...body, max_tokens } }, { ...CLASSIFY, catalog });
    expect(decision.trace.filter(({ step }) => step === "output")).toEqual(steps);
  });

  it("says once that a model which was asked for by its own name is served as asked, in shadow mode too", () => {
    const inMode = (mode: string) => policyOf(`${TIERS}  mode: ${mode}\n`);
    const asked = { body: { ...body, model: "small" } };
    const { reason } = decideWith(inMode("enforce"), asked, CLASSIFY);
    expect(reason).toMatch(/^served as asked: (?!served)/);
    expect(decideWith(inMode("shadow"), asked, CLASSIFY)).toMatchObject({ mode: "shadow", reason });
  });

  it.each([
    ["a model that the caller named", POLICY, { model: "small", max_tokens: 5_000 }],
    [
      "a model of which no limit is known",
      POLICY,
      { messages: [{ role: "user", content: "how is 50?" }], max_tokens: 5_000 },
    ],
    ["what is served as asked", policyOf(`${TIERS}  mode: shadow\n`), { max_tokens: 5_000 }],
  ])("lowers nothing for %s", (_, policy, asked) => {
    const catalog = catalogOf({ small: { max_output_tokens: 4_096 }, middle: {}, large: {} });
    const { trace } = decideWith(policy, { body: { ...body, ...asked } }, { ...CLASSIFY, catalog });
    expect(trace.map(({ step }) => step)).not.toContain("output");
  });

  it("tells no output limit of a requested model that the catalogue does not list", () => {
    const catalog = catalogOf({ small: { max_output_tokens: 4_096 } });
    const asked = { body: { model: "large", messages: [ASK] } };
    expect(decideWith(POLICY, asked, { catalog }).maxOutputTokens).toEqual({});
  });

  it("estimates what the chosen model costs, and nothing where no price is known", () => {
    const catalog = catalogOf({ small: PRICE, middle: {}, large: {} });
    const decision = decideWith(POLICY, { body }, { ...CLASSIFY, catalog });
    expect(decision.estimatedCostUsd).toBeCloseTo(decision.inputTokens * 1e-6 + 500 * 2e-6, 9);
    expect(decideWith(POLICY, { body }, CLASSIFY).estimatedCostUsd).toBeNull();
  });

  it("lets the fallback tier serve what nobody can take, and says so", () => {
    const narrow = { max_input_tokens: 1 };
    const catalog = catalogOf({ small: narrow, middle: narrow, large: narrow });
    const decision = decideWith(POLICY, { body }, { ...CLASSIFY, catalog });
    expect(decision).toMatchObject({ method: "fallback", model: "small", rewrite: true });
    expect(decision.reason).toBe(
      "score 30.0 is in simple (0-40); no model can take it, so the fallback tier simple serves",
    );
  });

  it("says nothing of a lot that was drawn where nobody can take the request", () => {
    const policy = policyOf(`${TIERS}  explore: 0.2\n`);
    const narrow = { max_input_tokens: 1 };
    const catalog = catalogOf({ small: narrow, middle: narrow, large: narrow });
    const draws = { rollout: 0, explore: 0, neighbour: 0 };
    const decision = decideWith(policy, { body }, { ...CLASSIFY, catalog, draws });
    expect(decision).toMatchObject({ method: "fallback", exploredFrom: null, propensity: 1 });
    expect(decision.reason).toMatch(/^score 30\.0 is in simple \(0-40\).*; no model can take it/);
    expect(decision.reason).not.toContain("is tried");
  });

  it("asks one that rests after failures where all others that can take it rest too", () => {
    const health = restingModels("small", "middle", "large");
    const decision = decideWith(POLICY, { body }, { ...CLASSIFY, health });
    expect(decision).toMatchObject({
      method: "auto",
      model: "small",
      candidates: ["small", "middle", "large"],
    });
    expect(decision.reason).toContain(
      "all models that can take it rest after failures, so one of them serves",
    );
  });

  it("asks one that rests rather than one that is slower than a rule takes", () => {
    const policy = policyOf(`${TIERS}  rules: [{when: {has_images: false}, max_latency_ms: 1000}]\n`);
    const slow = { ...UNMEASURED, latencyMs: 5_000 };
    const health = new Map([...restingModels("middle"), ["small", slow], ["large", slow]]);
    const decision = decideWith(policy, { body }, { ...CLASSIFY, health });
    expect(decision).toMatchObject({ method: "auto", tier: "medium", candidates: ["middle"] });
    expect(decision.reason).toBe(
      "score 30.0 is in simple (0-40); no model of simple can take it, so medium does; all models that can take it rest after failures, so one of them serves",
    );
  });

  it("says of a model that a rule names, where all rest, that the rule led to it", () => {
    const policy = policyOf(`${TIERS}  rules: [{name: r, when: {has_images: false}, model: large}]\n`);
    const health = restingModels("small", "middle", "large");
    const decision = decideWith(policy, { body }, { ...CLASSIFY, health });
    expect(decision).toMatchObject({ method: "rule", model: "large", tier: "complex" });
    expect(decision.reason).toMatch(/^rule "r": model large; all models that can take it rest/);
    const looked = decision.trace.flatMap((step) => (step.step === "candidates" ? step.candidates : []));
    expect(new Set(looked.map(({ refusal }) => refusal))).toEqual(new Set([RESTS]));
  });

  it("tells in the trace the chance of a model that was tried by lot where all rest", () => {
    const policy = policyOf(`${TIERS}  explore: 0.2\n`);
    const draws = { rollout: 0, explore: 0, neighbour: 0 };
    const health = restingModels("small", "middle", "large");
    const decision = decideWith(policy, { body }, { ...CLASSIFY, health, draws });
    expect(decision).toMatchObject({ model: "middle", exploredFrom: "simple", propensity: 0.2 });
    expect(decision.reason).toContain("; medium is tried instead of simple");
    expect(decision.trace).toContainEqual(expect.objectContaining({ step: "explore", propensity: 0.2 }));
  });

  it("asks one that rests rather than to leave the floor of a header, where it keeps the limit of a rule", () => {
    const policy = policyOf(`${TIERS}  rules: [{when: {has_images: false}, max_cost_usd: 0.01}]\n`);
    const dear = { input_cost_per_token: 1, output_cost_per_token: 1 };
    const catalog = catalogOf({ small: PRICE, middle: PRICE, large: dear });
    const asked = { headers: { "x-signalbox-min-tier": "medium" }, body };
    const decisionIn = (...resting: string[]) =>
      decideWith(policy, asked, { ...CLASSIFY, catalog, health: restingModels(...resting) });
    expect(decisionIn("middle")).toMatchObject({ method: "auto", candidates: ["middle"] });
    expect(decisionIn("large").candidates).toEqual(["middle"]);
  });

  it("keeps the highest tier of all turns where it never comes down", () => {
    const policy = policyOf(`${TIERS}  conversation: {downgrade_after: 0}\n`);
    const turns = ["how is 90?", ...Array.from({ length: 20 }, (_, index) => `and ${index}?`)];
    const messages = turns.map((content) => ({ role: "user", content }));
    expect(decideWith(policy, { body: { messages } }, CLASSIFY)).toMatchObject({
      tier: "complex",
      score: 19,
      reason: "score 19.0, held in complex (76-100) by the turn 20 before",
    });
  });

  it("tells the score of the newest turn that asks for something", () => {
    const messages = [ASK, { role: "user", content: "how is 50?" }, { role: "user", content: "go on" }];
    const decision = decideWith(POLICY, { body: { messages } }, CLASSIFY);
    expect(decision).toMatchObject({ score: 50, reason: "score 50.0 is in medium (41-75)" });
  });

  it("does not call a turn held by an earlier one of the same tier", () => {
    const messages = [ASK, { role: "user", content: "how is 20?" }];
    expect(decideWith(POLICY, { body: { messages } }, CLASSIFY).reason).toBe(
      "score 20.0 is in simple (0-40)",
    );
  });

  it("looks at sixteen turns for steps down that the prompt cache held back", () => {
    const policy = policyOf(`${TIERS}  conversation: {downgrade_after: 1, cache_aware: true}\n`);
    const catalog = catalogOf({ small: PRICE, middle: PRICE, large: PRICE });
    const tierAfter = (easy: number) => {
      const turns = ["how is 90?", ...Array.from({ length: easy }, (_, index) => `and ${index}?`)];
      const messages = turns.map((content) => ({ role: "user", content }));
      return decideWith(policy, { body: { messages } }, { ...CLASSIFY, catalog }).tier;
    };
    expect([tierAfter(15), tierAfter(16)]).toEqual(["complex", "simple"]);
  });
});
