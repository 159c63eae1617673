import { describe, expect, it } from "vitest";
import { ownLineup } from "../../../src/learn/dataset/own-lineup.ts";
import { rowOf } from "./row-of.ts";

type Scores = Readonly<Record<string, number>>;

const rowsOf = (times: number, scores: Scores, suite = "log") => {
  const outcomes = new Map(
    Object.entries(scores).map(([model, quality]) => [model, { quality, costUsd: null }] as const),
  );
  return Array.from({ length: times }, () => rowOf({ suite, outcomes }));
};

/** As a router leaves it: the cheap model had what is easy, the strong one what is hard, few requests both. */
const routed = (both: number) => [
  ...rowsOf(200, { cheap: 0.9 }),
  ...rowsOf(200, { dear: 0.6 }),
  ...rowsOf(both, { cheap: 0.3, dear: 0.6 }),
];

const found = (rows: Parameters<typeof ownLineup>[0], tiers: Parameters<typeof ownLineup>[1] = []) =>
  ownLineup(rows, tiers).lineup?.rungsOf("log");

describe("ownLineup()", () => {
  it("goes by the tiers, whatever each model reached", () => {
    expect(found(routed(0), [["cheap"], ["middle"], ["dear"]])).toEqual([["cheap"], ["dear"]]);
    expect(found(routed(100), [["dear"], ["cheap"]])).toEqual([["dear"], ["cheap"]]);
  });

  it("lets all labelled models of the cheapest tier compete with those of the dearest", () => {
    const rows = [
      ...rowsOf(9, { d: 1 }),
      ...rowsOf(9, { a: 0 }),
      ...rowsOf(9, { b: 0, other: 1 }),
      ...rowsOf(9, { c: 0 }),
    ];
    const tiers = [["unused"], ["a", "b"], ["c"], ["d", "a"]];
    expect(found(rows, tiers)).toEqual([["a", "b"], ["d"]]);
  });

  it("goes by requests that both were tried on where the tiers do not tell", () => {
    expect(found(routed(50))).toEqual([["cheap"], ["dear"]]);
    expect(found(routed(50), [["cheap", "dear"], ["huge"]])).toEqual([["cheap"], ["dear"]]);
    expect(found(routed(50), [["cheap"], ["huge"]])).toEqual([["cheap"], ["dear"]]);
  });

  it("cannot tell by too few of them", () => {
    expect(ownLineup(routed(49), [])).toEqual({ lineup: null, untold: ["cheap", "dear"] });
    expect(ownLineup(routed(0), [["cheap"], ["huge"]]).untold).toEqual(["cheap", "dear"]);
  });

  it("can tell by few requests where there are no others", () => {
    expect(found([...rowsOf(1, { b: 0.5, a: 1 }), ...rowsOf(1, { b: 0.75, a: 0.75 })])).toEqual([
      ["b"],
      ["a"],
    ]);
  });

  it("takes no model for broken, however weak", () => {
    expect(found(rowsOf(9, { tiny: 0.1, middle: 0.6, large: 0.9 }))).toEqual([["tiny"], ["large"]]);
  });

  it("has groups of each suite's own, and none of a suite with one model", () => {
    const rows = [
      ...rowsOf(9, { a: 0, b: 1 }, "one"),
      ...rowsOf(9, { c: 1, d: 0 }, "other"),
      ...rowsOf(9, { a: 1 }, "alone"),
      ...rowsOf(9, {}, "nothing"),
    ];
    const rungs = ["one", "other", "alone", "nothing"].map((suite) =>
      ownLineup(rows, []).lineup?.rungsOf(suite),
    );
    expect(rungs).toEqual([[["a"], ["b"]], [["d"], ["c"]], null, null]);
  });

  it("gives suites of the same models the same groups, each suite with the same say", () => {
    const rows = [...rowsOf(90, { a: 0.6, b: 0.7 }, "large"), ...rowsOf(9, { b: 0.5, a: 0.9 }, "small")];
    const { lineup } = ownLineup(rows, []);
    expect([lineup?.rungsOf("large"), lineup?.rungsOf("small")]).toEqual([
      [["b"], ["a"]],
      [["b"], ["a"]],
    ]);
  });
});
