import { describe, expect, it } from "vitest";
import { assess, assessOnlyKnown, costAtAsk, type World } from "../../src/decide/eligible.ts";
import { UNMEASURED } from "../../src/decide/model-health.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { catalogOf } from "./decide-with.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: middle, litellm_params: {model: openai/middle}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  external_models: ["elsewhere/*"]
  tiers:
    simple: {score_range: [0, 40], model: small}
    medium: {score_range: [41, 75], model: middle}
    complex: {score_range: [76, 100], model: large}
`);
const NO_LIMITS = { minTier: null, minTierBecause: null, maxCostUsd: null, maxLatencyMs: null };
const PRICE = { input_cost_per_token: 0.001, output_cost_per_token: 0.002 };

const REQUEST = { ...read({ messages: [{ role: "user", content: "hello" }] }), inputTokens: 100 };
const rung = (model: string, tier: string | null = null) => ({ model, tier });
const refusalOf = (model: string, world: Partial<World>, request = REQUEST) =>
  assess([rung(model)], request, { policy: POLICY, catalog: null, ...world })[0]?.refusal;

describe("assess()", () => {
  it("leaves 15 % of room above the estimated input, to the token", () => {
    const fits = (max_input_tokens: number) =>
      refusalOf("small", { catalog: catalogOf({ small: { max_input_tokens } }) });
    expect(fits(115)).toBeNull();
    expect(fits(114)).toBe("about 115 tokens do not fit into its 114");
  });

  it("counts the output that the client asks for, as far as the model gives it", () => {
    const request = { ...REQUEST, maxOutputTokens: 50 };
    const needed = (model: object) =>
      refusalOf("small", { catalog: catalogOf({ small: { max_input_tokens: 1, ...model } }) }, request);
    expect(needed({})).toBe("about 165 tokens do not fit into its 1");
    expect(needed({ max_output_tokens: 20 })).toBe("about 135 tokens do not fit into its 1");
  });

  it("knows models that a wildcard of LiteLLM or the file's external_models cover", () => {
    const catalog = catalogOf({ small: {} }, ["spare-*"]);
    expect(refusalOf("spare-1", { catalog })).toBeNull();
    expect(refusalOf("elsewhere/one", { catalog })).toBeNull();
    expect(refusalOf("middle", { catalog })).toBe("LiteLLM does not know it yet: restart LiteLLM to load it");
  });

  it("allows what costs as much as the limit, and nothing whose price is not known", () => {
    const catalog = catalogOf({ small: PRICE, middle: {} });
    // 100 tokens of input, and 500 of output, which all estimates assume.
    const within = (maxCostUsd: number) => ({ catalog, limits: { ...NO_LIMITS, maxCostUsd } });
    const [candidate] = assess([rung("small")], REQUEST, { policy: POLICY, ...within(1) });
    const costUsd = candidate?.estimatedCostUsd ?? 0;
    expect(costUsd).toBeCloseTo(1.1, 9);
    expect(refusalOf("small", within(costUsd))).toBeNull();
    expect(refusalOf("small", within(1))).toBe("about $1.1 is more than $1");
    expect(refusalOf("middle", within(1))).toBe("its price is not known, and $1 is the most");
  });

  it("allows what is as slow as the limit, and what was never measured", () => {
    const limits = { ...NO_LIMITS, maxLatencyMs: 1_000 };
    const refusalAt = (latencyMs: number | null) =>
      refusalOf("small", { limits, health: new Map([["small", { ...UNMEASURED, latencyMs }]]) });
    expect([refusalAt(1_000), refusalAt(null)]).toEqual([null, null]);
    expect(refusalAt(1_000.6)).toBe("it took 1001 ms lately, more than 1000");
    expect(
      refusalOf("small", {
        limits: { ...limits, maxLatencyMs: -1 },
        health: new Map([["small", UNMEASURED]]),
      }),
    ).toBeNull();
  });

  it("names a floor by what asks for it, or by its tier", () => {
    const below = (minTierBecause: string | null) =>
      assess([rung("small", "simple"), rung("middle", "medium")], REQUEST, {
        policy: POLICY,
        catalog: null,
        limits: { ...NO_LIMITS, minTier: "medium", minTierBecause },
      }).map(({ refusal }) => refusal);
    expect(below('rule "a"')).toEqual(['below the floor of rule "a"', null]);
    expect(below(null)).toEqual(["below the floor of medium", null]);
  });

  it("estimates by the output that the client asks for where that is less than a middling answer", () => {
    const world = { policy: POLICY, catalog: catalogOf({ small: PRICE }) };
    const costOf = (maxOutputTokens: number) =>
      assess([rung("small")], { ...REQUEST, maxOutputTokens }, world)[0]?.estimatedCostUsd;
    expect(costOf(10)).toBeCloseTo(0.12, 9);
    expect(costOf(5_000)).toBeCloseTo(1.1, 9);
  });
});

describe("what is known of models already", () => {
  const world: World = {
    policy: POLICY,
    catalog: catalogOf({ small: PRICE, middle: PRICE, large: PRICE }),
    limits: { ...NO_LIMITS, minTier: "medium", minTierBecause: 'rule "a"', maxCostUsd: 1 },
    told: new Map([
      ["refused", { refusal: "it was full", estimatedCostUsd: 0.5 }],
      ["small", { refusal: null, estimatedCostUsd: 0.5 }],
      ["middle", { refusal: null, estimatedCostUsd: 2 }],
      ["large", { refusal: null, estimatedCostUsd: 2, isSupposed: true }],
    ]),
  };
  const rungs = [
    rung("refused"),
    rung("small", "simple"),
    rung("middle", "medium"),
    rung("large", "complex"),
  ];

  it("stands against catalogue and request for assess(), and limits and floor hold for what is not supposed", () => {
    expect(assess(rungs, REQUEST, world)).toEqual([
      { ...rung("refused"), eligible: false, refusal: "it was full", estimatedCostUsd: 0.5 },
      {
        ...rung("small", "simple"),
        eligible: false,
        refusal: 'below the floor of rule "a"',
        estimatedCostUsd: 0.5,
      },
      {
        ...rung("middle", "medium"),
        eligible: false,
        refusal: "about $2.0 is more than $1",
        estimatedCostUsd: 2,
      },
      { ...rung("large", "complex"), eligible: true, refusal: null, estimatedCostUsd: 2 },
    ]);
  });

  it("is all that assessOnlyKnown() goes by: a model asked for by name is a promise", () => {
    const able = { eligible: true, refusal: null };
    expect(assessOnlyKnown(rungs, REQUEST, world)).toEqual([
      { ...rung("refused"), eligible: false, refusal: "it was full", estimatedCostUsd: 0.5 },
      { ...rung("small", "simple"), ...able, estimatedCostUsd: 0.5 },
      { ...rung("middle", "medium"), ...able, estimatedCostUsd: 2 },
      { ...rung("large", "complex"), ...able, estimatedCostUsd: 2 },
    ]);
  });

  it("is what costAtAsk() compares by", () => {
    const costOf = costAtAsk(REQUEST, world);
    expect(costOf("middle")).toBe(2);
    expect(costAtAsk(REQUEST, { policy: POLICY, catalog: world.catalog })("middle")).toBeCloseTo(1.1, 9);
  });
});
