import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/decide/decision.ts";
import { pickOrder } from "../../src/decide/pick.ts";

const candidate = (model: string, estimatedCostUsd: number | null): Candidate => {
  return { model, tier: null, eligible: true, refusal: null, estimatedCostUsd };
};

const POOL = [candidate("a", 3), candidate("b", null), candidate("c", 1)];
const WEIGHTS = [
  { model: "a", weight: 3 },
  { model: "b", weight: 1 },
  { model: "c", weight: 0.5 },
];

const order = (pick: Parameters<typeof pickOrder>[1]["pick"], draw = 0) =>
  pickOrder(POOL, { pick, weights: WEIGHTS, draw }).candidates.map(({ model }) => model);

describe("pickOrder()", () => {
  it("keeps the order of the file for first", () => {
    expect(order("first")).toEqual(["a", "b", "c"]);
  });

  it("puts the cheapest first for cost, and a model without a price last", () => {
    expect(order("cost")).toEqual(["c", "a", "b"]);
  });

  it("puts the dearest first for quality, and a model without a price last", () => {
    expect(order("quality")).toEqual(["a", "c", "b"]);
  });

  it("splits by weight, keeps the rest in order, and says with which chance", () => {
    const shares = new Map<string, number>();
    const draws = 9_000;
    for (let index = 0; index < draws; index += 1) {
      const { candidates, propensity } = pickOrder(POOL, {
        pick: "weighted",
        weights: WEIGHTS,
        draw: index / draws,
      });
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

  it("answers an empty pool with an empty order", () => {
    expect(pickOrder([], { pick: "weighted", weights: [], draw: 0.3 }).candidates).toEqual([]);
  });
});
