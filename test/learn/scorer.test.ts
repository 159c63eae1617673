import { describe, expect, it } from "vitest";
import { compare } from "../../src/learn/comparison.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import { scorersOf } from "../../src/learn/scorer.ts";
import { rowOf } from "./row-of.ts";

const rows = [
  rowOf("s", { small: 0, large: 1 }, { group: "maths", length: 30, scores: [5, 50] }),
  rowOf("s", { small: 1, large: 1 }, { group: "chat", length: 20, scores: [6, 60] }),
  rowOf("s", { small: 1, large: 0 }, { group: "maths", length: 10, scores: [7, 70] }),
  rowOf("s", { small: 0, large: 1 }, { group: "maths", length: 40, scores: [8, 80] }),
];

describe("scorersOf()", () => {
  const classifiers = [
    { name: "one", isChance: false },
    { name: "ten", isChance: true },
  ];
  const comparison = compare(rows, namedLineup(["small", "large"]), 2);
  const scorers = new Map(scorersOf(comparison, classifiers).map((scorer) => [scorer.name, scorer]));
  const scoresOf = (name: string) => Array.from(scorers.get(name)?.scores ?? []);

  it("gives each classifier its own scores", () => {
    expect(scoresOf("one")).toEqual([5, 6, 7, 8]);
    expect(scorers.get("ten")).toMatchObject({ kind: "classifier", isChance: true });
    expect(scoresOf("ten")).toEqual([50, 60, 70, 80]);
  });

  it("gives the controls what they know", () => {
    expect(scoresOf("length alone")).toEqual([30, 20, 10, 40]);
    expect(scoresOf("group mean")).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
    expect(scoresOf("oracle")).toEqual([1, 0, -1, 1]);
    expect(scorers.get("random")).toMatchObject({ kind: "control", scores: null });
  });
});
