import { describe, expect, it } from "vitest";
import type { JudgedRow } from "../../../src/learn/dataset/judge-rows.ts";
import { thinLabels } from "../../../src/learn/own/thin-labels.ts";
import { rowOf } from "../dataset/row-of.ts";

const outcome = { quality: 1, costUsd: null };
const judge = (kind: JudgedRow["kind"]): JudgedRow => {
  return { row: rowOf(), weak: outcome, strong: outcome, weight: 1, kind };
};

/** Of ten rows one has a sure label. */
const judged = Array.from({ length: 1_000 }, (_, at) =>
  judge(at % 10 > 0 ? "silence" : at % 20 > 0 ? "feedback" : "weak model"),
);
const rows = judged.map((_, row) => row);
const isLabel = (row: number) => row % 10 === 0;

describe("thinLabels()", () => {
  it("counts sure labels, and keeps as large a part of what is none", () => {
    const kept = thinLabels(rows, { judged, most: 50 });
    expect(kept.filter(isLabel)).toHaveLength(50);
    expect(kept.filter((row) => !isLabel(row))).toHaveLength(450);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  });

  it("spreads both evenly", () => {
    const kept = thinLabels(rows, { judged, most: 10 });
    expect(kept.filter(isLabel)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(kept.filter((row) => row < 500)).toHaveLength(50);
  });

  it("keeps all where there are no more labels, and where there are none", () => {
    expect(thinLabels(rows, { judged, most: 100 })).toEqual(rows);
    const none = rows.filter((row) => !isLabel(row));
    expect(thinLabels(none, { judged, most: 5 })).toEqual(none);
  });
});
