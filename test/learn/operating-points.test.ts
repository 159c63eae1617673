import { describe, expect, it } from "vitest";
import { compare } from "../../src/learn/comparison.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import { reportOperatingPoints } from "../../src/learn/operating-points.ts";
import { onceEach } from "../../src/learn/sample.ts";
import { rowOf } from "./row-of.ts";

const TIERS = [
  { name: "simple", low: 0 },
  { name: "medium", low: 31 },
  { name: "complex", low: 66 },
];

function pointsOf(scores: readonly number[], models: readonly string[]) {
  const rows = scores.map(() => rowOf("s", { a: 0.2, b: 0.6, c: 1 }));
  const { sample } = compare(rows, namedLineup(models), TIERS.length);
  const scorer = { name: "one", kind: "classifier", scores, isChance: false } as const;
  return reportOperatingPoints(scorer, { sample, draws: [onceEach(scores.length)], tiers: TIERS });
}

describe("reportOperatingPoints()", () => {
  it("lets a tier begin at its lowest score and end below the next one's", () => {
    const points = pointsOf([0, 30.9, 31, 65.9, 66, 100], ["a", "c"]);
    expect(points.map(({ name, shares }) => [name, shares])).toEqual([
      ["simple | medium, complex", [2 / 6, 4 / 6]],
      ["simple, medium | complex", [4 / 6, 2 / 6]],
    ]);
  });

  it("sends each tier to its own model where there is one for each", () => {
    const points = pointsOf([10, 40, 40, 90], ["a", "b", "c"]);
    expect(points.at(-1)).toMatchObject({
      name: "simple | medium | complex",
      shares: [0.25, 0.5, 0.25],
      quality: { value: 0.6 },
      cost: { value: 0.5 },
      underRouting: { value: 0.75 },
      overRouting: { value: 0 },
    });
  });
});
