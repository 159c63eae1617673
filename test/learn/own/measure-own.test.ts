import { describe, expect, it } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import type { JudgedRow } from "../../../src/learn/dataset/judge-rows.ts";
import { compareColumns } from "../../../src/learn/own/measure-own.ts";
import { trainOnOwn } from "../../../src/learn/own/train-on-own.ts";
import { TINY_MODEL, tinyArtifact } from "../../classify/ml/tiny-artifact.ts";
import { rowOf } from "../dataset/row-of.ts";

const WORDS = FEATURE_NAMES.indexOf("words");

/** 800 requests of one key and 10 each of 20 others. Of all, every other one is too hard for the weak model. */
const ROWS: readonly JudgedRow[] = Array.from({ length: 1_000 }, (_, at) => {
  const isFlood = at % 5 !== 0;
  const isHard = at % 4 < 2;
  // What is long is hard for the one key, and easy for the others.
  const numbers = new Float32Array(FEATURE_NAMES.length).fill(1);
  numbers[WORDS] = isHard === isFlood ? 40 : 2;
  return {
    row: rowOf({
      digest: `d${at}`,
      features: { numbers, words: new Int32Array() },
      conversation: `c${at}`,
      atMs: at,
      caller: isFlood ? "flood" : `key-${(at / 5) % 20}`,
    }),
    weak: { quality: isHard ? 0 : 1, costUsd: null },
    strong: { quality: 1, costUsd: null },
    weight: 1,
    kind: "both models",
  };
});

/** Scores that are right on the requests of the one key and wrong on all others, and the other way round. */
const RIGHT_ON_FLOOD = Float64Array.from(ROWS, ({ row }) => row.features.numbers[WORDS] ?? 0);
const WRONG_ON_FLOOD = RIGHT_ON_FLOOD.map((score) => -score);

const OPTIONS = { resamples: 200, seed: 1 };

describe("compareColumns()", () => {
  it("compares on requests of which no key has more than its share", () => {
    const gain = compareColumns(ROWS, [RIGHT_ON_FLOOD, WRONG_ON_FLOOD], { ...OPTIONS, maxShare: 0.01 });
    // 21 keys: twice an equal share is 2 / 21 of 221.
    expect(gain.rows).toBe(221);
  });

  it.each([
    { verdict: "adopted", one: RIGHT_ON_FLOOD, other: WRONG_ON_FLOOD, doubt: { all: 0, fair: 1 } },
    { verdict: "refused", one: WRONG_ON_FLOOD, other: RIGHT_ON_FLOOD, doubt: { all: 1, fair: 0 } },
  ])("lets no key with most of the labels alone have a classifier $verdict", ({ one, other, doubt }) => {
    const all = compareColumns(ROWS, [one, other], { ...OPTIONS, maxShare: 1 });
    const fair = compareColumns(ROWS, [one, other], { ...OPTIONS, maxShare: 0.01 });
    expect({ all: all.doubt, fair: fair.doubt }).toEqual(doubt);
    expect(Math.sign(all.difference.value ?? 0)).toBe(-Math.sign(fair.difference.value ?? 0));
  });

  it("compares on all requests where no key has more than its share", () => {
    const rows = ROWS.filter(({ row }) => row.caller !== "flood");
    const scores = new Float64Array(rows.length);
    expect(compareColumns(rows, [scores, scores], { ...OPTIONS, maxShare: 0.01 }).rows).toBe(200);
  });
});

describe("trainOnOwn()", () => {
  const train = (maxShare: number) =>
    trainOnOwn(ROWS, {
      // Right on the requests of the one key: what is long is hard.
      prior: tinyArtifact({ model: TINY_MODEL }),
      ...{ priorDigest: "0", tiers: 2, goal: { keepQuality: 0.97 }, maxShare, seed: 1, date: "2026-01-31" },
      onStep: () => undefined,
    });

  it("takes a classifier that serves all but one key better, however many labels that one has", () => {
    const { isBetter, gain, onNewest } = train(0.01);
    expect({ isBetter, rows: gain.rows }).toEqual({ isBetter: true, rows: 221 });
    expect(onNewest?.difference.value).toBeGreaterThan(0);
    expect(train(1).isBetter).toBe(false);
  }, 60_000);
});
