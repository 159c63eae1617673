import { describe, expect, it } from "vitest";
import { groupLineup, namedLineup } from "../../src/learn/lineup.ts";
import { rowOf } from "./row-of.ts";

const six = { a: 0.4, b: 0.45, c: 0.5, d: 0.6, e: 0.7, f: 0.8 };

describe("groupLineup()", () => {
  it("lets the weak third compete with the strong third", () => {
    expect(groupLineup([rowOf("s", six)], 2).rungsOf("s")).toEqual([
      ["a", "b"],
      ["e", "f"],
    ]);
  });

  it("has a rung for each tier", () => {
    expect(groupLineup([rowOf("s", six)], 3).rungsOf("s")).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
    ]);
    expect(groupLineup([rowOf("s", six)], 4).rungsOf("s")).toEqual([["a", "b"], ["c"], ["d"], ["e", "f"]]);
  });

  it("has the two ends alone where there are fewer models between than tiers", () => {
    expect(groupLineup([rowOf("s", { a: 0.5, b: 0.9 })], 3).rungsOf("s")).toEqual([["a"], ["b"]]);
  });

  it("leaves out a model under half of the best one", () => {
    expect(
      groupLineup([rowOf("s", { ...six, broken: 0.39 })], 2)
        .rungsOf("s")
        ?.flat(),
    ).not.toContain("broken");
  });

  it("gives suites of the same models the same groups, each suite with the same say", () => {
    const large = Array.from({ length: 9 }, () => rowOf("large", { a: 0.6, b: 0.7 }));
    const lineup = groupLineup([...large, rowOf("small", { b: 0.5, a: 0.9 })], 2);
    expect(lineup.rungsOf("large")).toEqual([["b"], ["a"]]);
    expect(lineup.rungsOf("small")).toEqual([["b"], ["a"]]);
  });

  it("has nothing for a suite of one model, or for an unknown one", () => {
    const lineup = groupLineup([rowOf("s", { a: 1 })], 2);
    expect(lineup.rungsOf("s")).toBeNull();
    expect(lineup.rungsOf("t")).toBeNull();
  });
});

describe("namedLineup()", () => {
  it("has a rung for each model on every suite", () => {
    const { name, rungsOf } = namedLineup(["small", "large"]);
    expect(name).toBe("small < large");
    expect(rungsOf("any")).toEqual([["small"], ["large"]]);
  });
});
