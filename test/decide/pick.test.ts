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

  it("answers an empty pool with an empty order", () => {
    expect(pickOrder([], options("weighted", 0.3)).candidates).toEqual([]);
    expect(pickOrder([], options("balanced")).candidates).toEqual([]);
  });
});
