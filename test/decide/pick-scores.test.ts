import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/decide/decision.ts";
import type { ModelHealth } from "../../src/decide/model-health.ts";
import { scorePool } from "../../src/decide/pick-scores.ts";
import { policyOf } from "../support/sidecar-app.ts";

const POLICY = policyOf(`
model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - {model_name: b, litellm_params: {model: openai/b}}
  - {model_name: c, litellm_params: {model: openai/c}}
  - {model_name: d, litellm_params: {model: openai/d}}
routing:
  fallback_tier: low
  tiers:
    low: {score_range: [0, 50], models: [a, b]}
    high: {score_range: [51, 100], models: [c, b]}
  models: {d: {quality: 90}}
`);

const WEIGHTS = POLICY.pickWeights.balanced;

const candidate = (model: string, estimatedCostUsd: number | null): Candidate => {
  return { model, tier: null, eligible: true, refusal: null, estimatedCostUsd };
};

const measured = (latencies: Readonly<Record<string, number | null>>) =>
  new Map<string, ModelHealth>(
    Object.entries(latencies).map(([model, latencyMs]) => [
      model,
      {
        samples: 1,
        latencyMs,
        latencyP50Ms: null,
        latencyP95Ms: null,
        ttftMs: null,
        errorRate: null,
        coolUntilMs: null,
      },
    ]),
  );

const world = (latencies: Readonly<Record<string, number | null>> = {}) => {
  return { policy: POLICY, catalog: null, health: measured(latencies) };
};

describe("scorePool()", () => {
  it("gives quality as a share of the best, cost and latency by their logarithm", () => {
    const pool = [candidate("a", 0.01), candidate("c", 0.02)];
    const [a, c] = scorePool(pool, WEIGHTS, world({ a: 1_000, c: 3_000 }));
    expect(a?.cost).toBe(1);
    expect(c?.cost).toBeCloseTo(1 - Math.log10(2));
    // a is in the middle of the lower tier's span, 25 of 100; c at the end of the upper one's.
    expect([a?.quality, c?.quality]).toEqual([0.25, 1]);
    expect([a?.latency, Math.round(100 * (c?.latency ?? 0))]).toEqual([1, 52]);
    expect(a?.total).toBeCloseTo(0.4 + 0.35 * 0.25 + 0.25);
  });

  it("keeps the order of dear models beside one that is nearly free", () => {
    const pool = [candidate("a", 0), candidate("c", 0.1), candidate("b", 0.2)];
    const [, c, b] = scorePool(pool, POLICY.pickWeights.cost, world());
    expect(c?.total).toBeGreaterThan(b?.total ?? 1);
  });

  it("takes a model in two tiers for one of the cheaper tier", () => {
    const [b] = scorePool([candidate("b", 1), candidate("d", 1)], WEIGHTS, world());
    expect(b?.quality).toBeCloseTo(50 / 90);
  });

  it("gives a model without a price nothing for cost, and one without a latency all of it", () => {
    const [a, b] = scorePool([candidate("a", null), candidate("b", 1)], WEIGHTS, world({ a: null, b: 700 }));
    expect(a).toMatchObject({ cost: 0, latency: 1 });
    expect(b).toMatchObject({ cost: 1, latency: 1 });
  });

  it("sees no difference between prices that no bill shows, nor between latencies less than a tenth apart", () => {
    const pool = [candidate("a", 0), candidate("b", 0.000009)];
    const [a, b] = scorePool(pool, WEIGHTS, world({ a: 1_000, b: 1_050 }));
    expect([a?.cost, b?.cost, a?.latency, b?.latency]).toEqual([1, 1, 1, 1]);
  });

  it("stays within 0..1 whatever it is given", () => {
    const cost = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), cost, cost)), (given) => {
        const latencies = Object.fromEntries(given.map(([model, , latency]) => [model, latency]));
        const pool = given.map(([model, costUsd]) => candidate(model, costUsd));
        for (const scores of scorePool(pool, WEIGHTS, world(latencies))) {
          for (const part of Object.values(scores)) {
            expect(part).toBeGreaterThanOrEqual(0);
            expect(part).toBeLessThanOrEqual(1 + 1e-9);
          }
        }
      }),
    );
  });

  it("places a model of no tier in the middle of the ladder, and takes models that cost nothing as priced alike", () => {
    const [a, c, outsider] = scorePool(
      [candidate("a", 0), candidate("c", 0), candidate("x", 0)],
      WEIGHTS,
      world(),
    );
    // In the middle of their tiers' spans: 25, 75, and 50 of 100.
    expect([a?.quality, c?.quality, outsider?.quality]).toEqual([25 / 75, 1, 50 / 75]);
  });

  it("takes models of no quality for the best of their pool", () => {
    const policy = { ...POLICY, traits: new Map([["a", { quality: 0, specialties: [], local: null }]]) };
    const [a] = scorePool([candidate("a", 1)], WEIGHTS, { policy, catalog: null });
    expect(a?.quality).toBe(1);
  });
});
