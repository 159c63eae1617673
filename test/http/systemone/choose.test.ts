import { describe, expect, it } from "vitest";
import { choose } from "../../../src/http/systemone/choose.ts";
import type { Tier } from "../../../src/policy/policy.ts";

const LITELLM = ["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"];

function tiersOf(...lows: number[]): Tier[] {
  return lows.map((low, index) => {
    return {
      name: `t${index}`,
      description: null,
      low,
      high: (lows[index + 1] ?? 101) - 1,
      models: [],
      pick: "first",
    };
  });
}

const choiceOf = (tier: string, score: number | null, tiers: Tier[], choices = LITELLM) =>
  choose({ tier, score }, { tiers, choices })?.choice;

describe("choose()", () => {
  it("pairs tiers and choices, and shares the scores of the dearest tier by the choices that are left", () => {
    const tiers = tiersOf(0, 31, 66);
    const scores = [0, 30.9, 31, 65.9, 66, 82.9, 83, 100];
    const tierOf = (score: number) => (score < 31 ? "t0" : score < 66 ? "t1" : "t2");
    expect(scores.map((score) => choiceOf(tierOf(score), score, tiers))).toEqual([
      ...["SIMPLE", "SIMPLE", "MEDIUM", "MEDIUM"],
      ...["COMPLEX", "COMPLEX", "REASONING", "REASONING"],
    ]);
  });

  it("takes the policy's own borders where there is a tier for each choice", () => {
    const tiers = tiersOf(0, 45, 55, 62);
    const scores = [44.9, 45, 54.9, 55, 61.9, 62, 77];
    const tierOf = (score: number) => tiers.findLast(({ low }) => low <= score)?.name ?? "";
    expect(scores.map((score) => choiceOf(tierOf(score), score, tiers))).toEqual([
      ...["SIMPLE", "MEDIUM", "MEDIUM", "COMPLEX"],
      ...["COMPLEX", "REASONING", "REASONING"],
    ]);
  });

  it("lets neighbouring tiers share a choice where there are fewer choices", () => {
    const tiers = tiersOf(0, 20, 40, 60, 80);
    const chosen = tiers.map(({ name, low }) => choiceOf(name, low, tiers, ["cheap", "dear"]));
    expect(chosen).toEqual(["cheap", "cheap", "cheap", "dear", "dear"]);
  });

  it("gives one tier all choices, and one choice all tiers", () => {
    expect([0, 25, 50, 75, 100].map((score) => choiceOf("t0", score, tiersOf(0)))).toEqual([
      ...LITELLM,
      "REASONING",
    ]);
    expect(choiceOf("t2", 99, tiersOf(0, 31, 66), ["only"])).toBe("only");
  });

  it("takes the tier's first choice where the score is another tier's or there is none", () => {
    const tiers = tiersOf(0, 31, 66);
    expect(choiceOf("t2", 10, tiers)).toBe("COMPLEX");
    expect(choose({ tier: "t1", score: null }, { tiers, choices: LITELLM })).toEqual({
      choice: "MEDIUM",
      probabilities: { SIMPLE: 0, MEDIUM: 1, COMPLEX: 0, REASONING: 0 },
    });
  });

  it.each([
    [0, { SIMPLE: 1, MEDIUM: 0, COMPLEX: 0, REASONING: 0 }],
    [15.5, { SIMPLE: 1, MEDIUM: 0, COMPLEX: 0, REASONING: 0 }],
    [23.25, { SIMPLE: 0.75, MEDIUM: 0.25, COMPLEX: 0, REASONING: 0 }],
    [31, { SIMPLE: 0.5, MEDIUM: 0.5, COMPLEX: 0, REASONING: 0 }],
    [100, { SIMPLE: 0, MEDIUM: 0, COMPLEX: 0, REASONING: 1 }],
  ])("gives at score %d the neighbour its share", (score, wanted) => {
    const tier = score < 31 ? "t0" : score < 66 ? "t1" : "t2";
    expect(choose({ tier, score }, { tiers: tiersOf(0, 31, 66), choices: LITELLM })?.probabilities).toEqual(
      wanted,
    );
  });

  it("gives null for a tier that is not there", () => {
    expect(choose({ tier: "gone", score: 5 }, { tiers: tiersOf(0), choices: LITELLM })).toBeNull();
  });
});
