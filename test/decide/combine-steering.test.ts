import { describe, expect, it } from "vitest";
import { combineSteering } from "../../src/decide/combine-steering.ts";
import { NO_STEERING, type Steering } from "../../src/decide/steering.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const { tiers } = policyOf(POLICY);
const combine = (first: Partial<Steering>, second: Partial<Steering>) =>
  combineSteering({ ...NO_STEERING, ...first }, { ...NO_STEERING, ...second }, tiers);
const floor = (minTier: string, minTierBecause: string) => ({ minTier, minTierBecause });
const ceiling = (maxTier: string, maxTierBecause: string) => ({ maxTier, maxTierBecause });

describe("combineSteering()", () => {
  it("takes the lower limit of both, and the only one where there is one", () => {
    expect(combine({ maxCostUsd: 2, maxLatencyMs: 100 }, { maxCostUsd: 1, maxLatencyMs: 300 })).toMatchObject(
      {
        maxCostUsd: 1,
        maxLatencyMs: 100,
      },
    );
    expect(combine({ maxCostUsd: 2 }, { maxLatencyMs: 300 })).toMatchObject({
      maxCostUsd: 2,
      maxLatencyMs: 300,
    });
  });

  it("takes the lowest tier as a floor where there was none", () => {
    expect(combine({}, floor("simple", "second"))).toMatchObject(floor("simple", "second"));
    expect(combine(floor("simple", "first"), {})).toMatchObject(floor("simple", "first"));
  });

  it("names the first of two floors or ceilings that are the same", () => {
    const both = combine(
      { ...floor("complex", "first"), ...ceiling("complex", "first") },
      { ...floor("complex", "second"), ...ceiling("complex", "second") },
    );
    expect(both).toMatchObject({ ...floor("complex", "first"), ...ceiling("complex", "first") });
  });
});
