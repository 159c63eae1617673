import { describe, expect, it } from "vitest";
import { climb, tierOfModel, tierOfScore } from "../../src/decide/ladder.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";
import { restingModels } from "./decide-with.ts";

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `m${from + index}`);
const listed = names(0, 18).map(
  (name) => `  - {model_name: ${name}, litellm_params: {model: openai/${name}}}`,
);
const POLICY = policyOf(`
model_list:
${listed.join("\n")}
routing:
  fallback_tier: low
  tiers:
    low: {score_range: [0, 30], models: [m0, m1]}
    middle: {score_range: [31, 60], models: [{model: m2, weight: 3}, {model: m3, weight: 1}], pick: weighted}
    high: {score_range: [61, 100], models: [${names(3, 18).join(", ")}]}
`);
const [low, middle, high] = POLICY.tiers;
const REQUEST = read({ messages: [{ role: "user", content: "hello" }] });

function climbFrom(tier: typeof low, resting: readonly string[] = []) {
  if (tier === undefined) throw new Error("three tiers are expected");
  const world = { policy: POLICY, catalog: null, health: restingModels(...resting), draw: 0 };
  return climb(tier, REQUEST, { world, category: null, prefer: null });
}

describe("climb()", () => {
  it("goes up from the tier, then down from it, and names no model twice", () => {
    const { candidates } = climbFrom(middle);
    expect(candidates.slice(0, 4).map(({ model }) => model)).toEqual(["m2", "m3", "m4", "m5"]);
    expect(climbFrom(high).candidates.map(({ model }) => model)).toEqual([...names(3, 18), "m2"]);
  });

  it("names sixteen models at most, and looks at all", () => {
    const { candidates, looked } = climbFrom(low);
    expect(candidates.map(({ model }) => model)).toEqual(names(0, 16));
    expect(looked.map(({ model }) => model)).toEqual([...names(0, 4), ...names(3, 18)]);
  });

  it("puts the refused models of a tier behind its others, once each", () => {
    const { looked } = climbFrom(low, ["m0"]);
    expect(looked.slice(0, 3).map(({ model, eligible }) => [model, eligible])).toEqual([
      ["m1", true],
      ["m0", false],
      ["m2", true],
    ]);
  });

  it("takes the chances of the first tier that has somebody", () => {
    const { propensity, first } = climbFrom(low, ["m0", "m1"]);
    expect(propensity).toBe(0.75);
    expect([...first]).toEqual([
      ["m2", 0.75],
      ["m3", 0.25],
    ]);
  });
});

describe("tierOfScore()", () => {
  it.each([
    [-1, "low"],
    [0, "low"],
    [30.9, "low"],
    [31, "middle"],
    [100, "high"],
  ])("puts %d into %s", (score, wanted) => {
    expect(tierOfScore(score, POLICY.tiers).name).toBe(wanted);
  });

  it("cannot do without a tier", () => {
    expect(() => tierOfScore(1, [])).toThrow("Cannot route: found no tier, expected at least one");
  });
});

describe("tierOfModel()", () => {
  const tierWithin = (model: string | null, minTier: string | null, maxTier: string | null) =>
    tierOfModel(model, { minTier, maxTier }, POLICY.tiers)?.name ?? null;

  it("is the cheapest that holds it among others", () => {
    expect(tierWithin("m3", null, null)).toBe("middle");
    expect(tierWithin("never-listed", null, null)).toBeNull();
    expect(tierWithin(null, null, null)).toBeNull();
  });

  it("is the cheapest within floor and ceiling, and the cheapest of all where none is", () => {
    expect(tierWithin("m3", "high", null)).toBe("high");
    expect(tierWithin("m3", "low", "middle")).toBe("middle");
    expect(tierWithin("m3", null, "low")).toBe("middle");
    expect(tierWithin("m2", "high", null)).toBe("middle");
  });
});
