import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/decide/decision.ts";
import { type PickOptions, pickOrder } from "../../src/decide/pick.ts";
import { policyOf } from "../support/sidecar-app.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b}}
  - {model_name: c, litellm_params: {model: anthropic/c}}
routing:
  fallback_tier: only
  tiers: {only: {models: [a, b, c]}}
`);

const candidate = (model: string, estimatedCostUsd: number | null): Candidate => {
  return { model, tier: null, eligible: true, refusal: null, estimatedCostUsd };
};

const POOL = [candidate("a", 3), candidate("b", null), candidate("c", 1)];
const WEIGHTS = [
  { model: "a", weight: 3 },
  { model: "b", weight: 1 },
  { model: "c", weight: 0.5 },
];

const options = (pick: PickOptions["pick"], draw = 0, prefer: string | null = null): PickOptions => {
  const world = { policy: POLICY, catalog: null, draw };
  const costOf = (model: string) => POOL.find((one) => one.model === model)?.estimatedCostUsd ?? null;
  return { pick, weights: WEIGHTS, category: null, prefer, costOf, world };
};

const order = (...given: Parameters<typeof options>) =>
  pickOrder(POOL, options(...given)).candidates.map(({ model }) => model);

describe("pickOrder()", () => {
  it("keeps the order of the file for first", () => {
    expect(order("first")).toEqual(["a", "b", "c"]);
  });

  it("puts the cheapest first for cost, and a model without a price last", () => {
    expect(order("cost")).toEqual(["c", "a", "b"]);
  });

  it("puts the dearest first for quality, and one without a price in the middle of its tier", () => {
    expect(order("quality")).toEqual(["a", "b", "c"]);
  });

  it("splits by weight, keeps the rest in order, and says with which chance", () => {
    const shares = new Map<string, number>();
    const draws = 9_000;
    for (let index = 0; index < draws; index += 1) {
      const { candidates, propensity } = pickOrder(POOL, options("weighted", index / draws));
      const first = candidates[0]?.model ?? "";
      shares.set(first, (shares.get(first) ?? 0) + 1);
      expect(propensity).toBeCloseTo((WEIGHTS.find(({ model }) => model === first)?.weight ?? 0) / 4.5);
    }
    expect([...shares].map(([model, count]) => [model, Math.round((count / draws) * 4.5 * 10) / 10])).toEqual(
      [
        ["a", 3],
        ["b", 1],
        ["c", 0.5],
      ],
    );
    expect(order("weighted", 0.99)).toEqual(["c", "a", "b"]);
  });

  it("splits only the preferred provider's models by weight, and counts the chance among them", () => {
    expect(order("weighted", 0.99, "openai")).toEqual(["b", "a", "c"]);
    expect(pickOrder(POOL, options("weighted", 0.99, "openai")).propensity).toBe(0.25);
  });

  it("gives a draw at the edge of two shares to the second", () => {
    const pool = POOL.slice(0, 2);
    expect(pickOrder(pool, options("weighted", 0.75)).candidates[0]?.model).toBe("b");
    expect(pickOrder(pool, options("weighted", 0.7499)).candidates[0]?.model).toBe("a");
  });

  it.each(["a", "b", "c", "ab", "ac", "bc"])(
    "shares out what fell on %s among the others by their weights",
    (refused) => {
      const pool = [...POOL, candidate("d", 2)].map((one) => ({
        ...one,
        eligible: !refused.includes(one.model),
      }));
      const weightOf = (model: string) => WEIGHTS.find((one) => one.model === model)?.weight ?? 1;
      const eligible = pool.filter((one) => one.eligible).map(({ model }) => model);
      const total = eligible.reduce((sum, model) => sum + weightOf(model), 0);
      const firsts = new Map<string, number>();
      const draws = 9_000;
      for (let index = 0; index < draws; index += 1) {
        const drawn = pickOrder(pool, options("weighted", index / draws)).candidates[0]?.model ?? "";
        firsts.set(drawn, (firsts.get(drawn) ?? 0) + 1);
      }
      expect([...firsts.keys()].toSorted()).toEqual(eligible);
      for (const [model, count] of firsts) expect(count / draws).toBeCloseTo(weightOf(model) / total, 2);
    },
  );

  it("draws again among the others where a model is refused, and moves nobody else", () => {
    const pool = POOL.map((one) => ({ ...one, eligible: one.model !== "a" }));
    const firsts = new Map<string, number>();
    const draws = 9_000;
    for (let index = 0; index < draws; index += 1) {
      const before = pickOrder(POOL, options("weighted", index / draws)).candidates[0]?.model;
      const { candidates, propensity, first } = pickOrder(pool, options("weighted", index / draws));
      const drawn = candidates[0]?.model ?? "";
      firsts.set(drawn, (firsts.get(drawn) ?? 0) + 1);
      expect([drawn, "a"]).toContain(before);
      expect([...first.keys()]).toEqual(["b", "c"]);
      expect(propensity).toBe(first.get(drawn));
    }
    expect([...firsts.keys()].toSorted()).toEqual(["b", "c"]);
    expect((firsts.get("b") ?? 0) / draws).toBeCloseTo(1 / 1.5, 3);
  });

  it("keeps the order of a pool whose best model is refused", () => {
    const refused = POOL.map((one) => (one.model === "a" ? { ...one, eligible: false } : one));
    const scoresOf = (pool: readonly Candidate[]) =>
      pickOrder(pool, options("balanced")).candidates.map(({ model, scores }) => ({ model, scores }));
    expect(scoresOf(refused)).toEqual(scoresOf(POOL).filter(({ model }) => model !== "a"));
  });

  it("names each model once where a local one comes near enough to go first", () => {
    const policy = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: own, litellm_params: {model: ollama/own}}
routing:
  fallback_tier: only
  tiers: {only: {models: [a, own]}}
  prefer_local: 1
`);
    const pool = [candidate("a", 1), candidate("own", 1)];
    const orderBy = (preferLocal: number | null) => {
      const world = { policy: { ...policy, preferLocal }, catalog: null, draw: 0 };
      const { candidates } = pickOrder(pool, { ...options("cost"), costOf: () => 1, world });
      return candidates.map(({ model }) => model);
    };
    // Both score the same: that is as near as prefer_local: 1 asks for.
    expect(orderBy(1)).toEqual(["own", "a"]);
    expect(orderBy(null)).toEqual(["a", "own"]);
  });

  it("prefers no model for having no provider that is known, where no provider is preferred", () => {
    const pool = [candidate("a", 1), candidate("unlisted", 1)];
    expect(pickOrder(pool, options("first")).candidates.map(({ model }) => model)).toEqual(["a", "unlisted"]);
  });

  it("takes a model of which the file says nothing for no specialist", () => {
    const traits = new Map([["b", { quality: null, local: null, specialties: ["code" as const] }]]);
    const world = { policy: { ...POLICY, traits }, catalog: null, draw: 0 };
    const { candidates } = pickOrder(POOL, { ...options("first"), category: "code", world });
    expect(candidates.map(({ model }) => model)).toEqual(["b", "a", "c"]);
  });

  it("answers a pool that nobody can take with an empty order of no chances", () => {
    const refused = POOL.map((one) => ({ ...one, eligible: false }));
    expect(pickOrder(refused, options("weighted"))).toEqual({
      candidates: [],
      propensity: 1,
      first: new Map(),
    });
  });

  it("answers an empty pool with an empty order", () => {
    expect(pickOrder([], options("weighted", 0.3)).candidates).toEqual([]);
    expect(pickOrder([], options("balanced")).candidates).toEqual([]);
  });
});
