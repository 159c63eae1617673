import { describe, expect, it } from "vitest";
import { judgeRows } from "../../../src/learn/dataset/judge-rows.ts";
import { createRowCollector } from "../../../src/learn/dataset/merge-rows.ts";
import { namedLineup } from "../../../src/learn/lineup.ts";
import { rowOf } from "./row-of.ts";

const outcome = (quality: number) => ({ quality, costUsd: null });
const pair = namedLineup(["small", "large"]);

describe("judgeRows()", () => {
  it("takes what both models reached before all else", () => {
    const row = rowOf({
      outcomes: new Map([
        ["small", outcome(0.25)],
        ["large", outcome(1)],
      ]),
      needs: [{ kind: "tier", value: 0, weight: 0.7 }],
    });
    expect(judgeRows([row], pair)).toEqual([
      { row, weak: outcome(0.25), strong: outcome(1), weight: 1, kind: "both models" },
    ]);
  });

  it("takes a strong model of which nothing is known for right", () => {
    const row = rowOf({ outcomes: new Map([["small", outcome(0.25)]]) });
    expect(judgeRows([row], pair)).toMatchObject([
      { weak: outcome(0.25), strong: outcome(1), kind: "weak model" },
    ]);
  });

  it("learns nothing from the strong model alone", () => {
    expect(judgeRows([rowOf({ outcomes: new Map([["large", outcome(0)]]) })], pair)).toEqual([]);
  });

  it("takes the surest word where no model was tried", () => {
    const needs = [
      { kind: "silence", value: 0, weight: 0.02 },
      { kind: "feedback", value: 1, weight: 0.5 },
    ] as const;
    expect(judgeRows([rowOf({ needs })], pair)).toMatchObject([
      { weak: outcome(0), kind: "feedback", weight: 0.5 },
    ]);
  });

  it.each(["small", "large", "other"])("takes nothing for silence where %s has a label", (model) => {
    const outcomes = new Map([[model, outcome(0)]]);
    const needs = [{ kind: "silence", value: 0, weight: 0.02 }] as const;
    expect(judgeRows([rowOf({ outcomes, needs })], pair).map(({ kind }) => kind)).not.toContain("silence");
  });
});

describe("createRowCollector()", () => {
  it("puts together what was said of the same text", () => {
    const collector = createRowCollector();
    const down = { kind: "feedback", value: 1, weight: 0.5 } as const;
    const up = { kind: "feedback", value: 0, weight: 0.3 } as const;
    collector.add(rowOf({ conversation: "first", outcomes: new Map([["m", outcome(0)]]), needs: [down] }));
    collector.add(rowOf({ conversation: "second", outcomes: new Map([["m", outcome(1)]]), needs: [up] }));
    expect(collector.size()).toBe(1);
    const [row] = collector.rows();
    expect(row).toMatchObject({ conversation: "first", outcomes: new Map([["m", outcome(0.5)]]) });
    expect(row?.needs).toEqual([{ kind: "feedback", value: 0.625, weight: 0.5 }]);
  });

  it("gives a text the caller and the conversation of its newest row, in whatever order they come", () => {
    const rows = [1, 2, 3].map((atMs) => rowOf({ atMs, conversation: `at ${atMs}`, caller: `key ${atMs}` }));
    for (const order of [rows, rows.toReversed()]) {
      const collector = createRowCollector();
      for (const row of order) collector.add(row);
      expect(collector.rows()).toMatchObject([{ atMs: 3, conversation: "at 3", caller: "key 3" }]);
    }
  });

  it("keeps the texts that came last, where one that comes again is new", () => {
    const collector = createRowCollector(2);
    const add = (digest: string, atMs: number) => collector.add(rowOf({ digest, atMs }));
    add("a", 1);
    add("b", 2);
    add("a", 3);
    expect(collector.isCut()).toBe(false);
    add("c", 4);
    expect(collector.rows().map(({ digest }) => digest)).toEqual(["a", "c"]);
    expect(collector.isCut()).toBe(true);
  });
});
