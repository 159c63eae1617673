import { describe, expect, it } from "vitest";
import { compare } from "../../src/learn/comparison.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import { rowOf } from "./row-of.ts";

const pair = namedLineup(["small", "large"]);

describe("compare()", () => {
  it("leaves out prompts that miss a model", () => {
    const whole = rowOf("s", { small: 0, large: 1 });
    const { rows, sample } = compare([rowOf("s", { small: 1 }), whole, rowOf("s", { large: 1 })], pair, 2);
    expect(rows).toEqual([whole]);
    expect([...sample.weak.quality, ...sample.strong.quality]).toEqual([0, 1]);
  });

  it("takes the mean of a group, of those that have an outcome", () => {
    const lineup = { name: "groups", rungsOf: () => [["a", "b"], ["c"]] };
    const rows = [rowOf("s", { a: 0, b: 1, c: 1 }), rowOf("s", { b: 1, c: 1 })];
    expect([...compare(rows, lineup, 2).sample.weak.quality]).toEqual([0.5, 1]);
  });

  it("counts cost in USD where all are known, and calls where one is not", () => {
    const priced = rowOf("s", { small: 0, large: 1 }, { costs: { small: 0.001, large: 0.02 } });
    const usd = compare([priced], pair, 2).sample;
    expect(usd).toMatchObject({ costBasis: "usd" });
    expect([...usd.weak.cost, ...usd.strong.cost]).toEqual([0.001, 0.02]);
    const calls = compare([priced, rowOf("s", { small: 0, large: 1 })], pair, 2).sample;
    expect(calls).toMatchObject({ costBasis: "calls" });
    expect([...calls.weak.cost, ...calls.strong.cost]).toEqual([0, 0, 1, 1]);
  });

  it("keeps the rungs between where there is one for each tier", () => {
    const ladder = namedLineup(["a", "b", "c"]);
    const rows = [rowOf("s", { a: 0.1, b: 0.2, c: 0.3 })];
    const three = compare(rows, ladder, 3).sample;
    expect(three.rungs.map(({ quality }) => quality[0])).toEqual([0.1, 0.2, 0.3]);
    expect(three.rungs.map(({ cost }) => cost[0])).toEqual([0, 0.5, 1]);
    expect(compare(rows, ladder, 2).sample.rungs.map(({ quality }) => quality[0])).toEqual([0.1, 0.3]);
  });

  it("keeps what is of one conversation together, and each prompt that is of none alone", () => {
    const alone = rowOf("s", { small: 0, large: 1 });
    const turn = { ...alone, conversation: "c" };
    expect([...(compare([alone, turn, alone, turn], pair, 2).sample.conversationOf ?? [])]).toEqual([
      0, 1, 2, 1,
    ]);
  });

  it("tells groups of the same name in two suites apart", () => {
    const rows = ["s", "t", "s"].map((suite) => rowOf(suite, { small: 0, large: 1 }));
    const { groupOf, groups } = compare(rows, pair, 2).sample;
    expect(groups).toBe(2);
    expect([...groupOf]).toEqual([0, 1, 0]);
  });
});
