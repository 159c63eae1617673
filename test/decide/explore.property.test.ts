import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide/decide.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";

const WEIGHTS = fc.integer({ min: 1, max: 9 });
/** Draws of the split by weight that are tried. */
const STEPS = 60;

/** Tiers that share models, so that one may be reached through several of them. */
function policyWith(explore: number, [a, b, c]: readonly [number, number, number]) {
  return policyOf(`
model_list: [{model_name: small, litellm_params: {model: o/s}}, {model_name: middle, litellm_params: {model: o/m}}, {model_name: large, litellm_params: {model: o/l}}]
routing:
  fallback_tier: low
  explore: ${explore}
  tiers:
    low: {score_range: [0, 20], models: [{model: small, weight: ${a}}, {model: middle, weight: ${b}}], pick: weighted}
    mid: {score_range: [21, 60], models: [{model: middle, weight: ${c}}, {model: large, weight: ${a}}], pick: weighted}
    high: {score_range: [61, 100], model: large}
  aliases: {auto: auto_route}
`);
}

const REQUEST = read({ messages: [{ role: "user", content: "hello there" }] });

/** Decides for a grid of draws; gives how much of it each model took, and the propensity that it was told with. */
function overAllDraws(explore: number, weights: readonly [number, number, number], score: number) {
  const verdict = { strategy: "static", score, confidence: null, signals: () => [] } as const;
  const policy = policyWith(explore, weights);
  const world = { policy, instead: null, catalog: null, now: new Date(0) };
  const models = new Map<string, { share: number; told: number }>();
  const grid = [0, 1].flatMap((tries) => [0.25, 0.75].map((neighbour) => ({ tries, neighbour })));
  for (const { tries, neighbour } of grid) {
    const share = (tries === 0 ? explore : 1 - explore) / 2 / STEPS;
    for (let step = 0; step < STEPS; step += 1) {
      const draws = { rollout: 0, explore: tries, neighbour };
      const context = { ...world, classify: () => verdict, draw: (step + 0.5) / STEPS, draws };
      const { model, propensity } = decide(REQUEST, context);
      models.set(model, { share: share + (models.get(model)?.share ?? 0), told: propensity });
    }
  }
  return [...models.values()];
}

describe("the propensity of a decision", () => {
  it("is the share of all draws in which its model comes first", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 50 }).map((percent) => percent / 100),
        fc.tuple(WEIGHTS, WEIGHTS, WEIGHTS),
        fc.constantFrom(10, 40, 90),
        (explore, weights, score) => {
          const models = overAllDraws(explore, weights, score);
          for (const { share, told } of models) expect(Math.abs(told - share)).toBeLessThan(0.02);
          expect(models.reduce((sum, { told }) => sum + told, 0)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 30 },
    );
  });
});
