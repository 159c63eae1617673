import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/learn/random.ts";
import { binNumbers } from "../../../src/learn/train/bins.ts";
import { type Curve, fitCalibration, fitCurve } from "../../../src/learn/train/calibrate.ts";
import { foldsAtRandom, foldsByLabel, predictLeftOut } from "../../../src/learn/train/leave-out.ts";
import { outcomeTargets } from "../../../src/learn/train/outcome-targets.ts";
import { quantiseWords, wordWeights } from "../../../src/learn/train/quantise-words.ts";
import { fitRidge } from "../../../src/learn/train/ridge.ts";
import { suiteWeights } from "../../../src/learn/train/training-rows.ts";

describe("binNumbers()", () => {
  test("keeps the order of values, and equal values together", () => {
    const column = [3, 1, 2, 2, 5, 1, 4, 4, 4, 100];
    const { codes, cuts } = binNumbers(column.map((value) => Float32Array.of(value)));
    const byValue = column
      .map((value, row) => ({ value, code: codes[row] ?? 0 }))
      .sort((a, b) => a.value - b.value);
    byValue.slice(1).forEach(({ value, code }, at) => {
      const before = byValue[at] ?? { value: 0, code: 0 };
      expect(code - before.code).toBe(value === before.value ? 0 : 1);
    });
    expect(cuts[0]?.length).toBe(new Set(column).size - 1);
  });

  test("cuts a long column into at most 64 steps of about as many rows", () => {
    const random = createRandom(1);
    const { codes } = binNumbers(Array.from({ length: 6_400 }, () => Float32Array.of(random())));
    const sizes = Map.groupBy(codes, (code) => code);
    expect(sizes.size).toBe(64);
    expect(Math.max(...[...sizes.values()].map((rows) => rows.length))).toBeLessThan(110);
  });
});

describe("fitRidge()", () => {
  test("solves the normal equations", () => {
    // Two orthogonal columns: w = x'y / (x'x + alpha).
    const rows = {
      columns: 2,
      starts: Uint32Array.of(0, 1, 2, 3, 4),
      places: Uint32Array.of(0, 0, 1, 1),
      values: Float64Array.of(1, 1, 1, 1),
    };
    const fit = { target: Float64Array.of(3, 1, -1, -3), weights: new Float64Array(4).fill(1) };
    const { base, weights } = fitRidge(rows, fit, 2);
    expect(base).toBe(0);
    expect([...weights]).toEqual([expect.closeTo(1, 6), expect.closeTo(-1, 6)]);
  });
});

describe("quantiseWords()", () => {
  test("keeps weights to half a step", () => {
    const weights = Float64Array.from({ length: 256 }, (_, at) => Math.sin(at));
    const kept = wordWeights(quantiseWords(weights, 8));
    kept.forEach((weight, at) => {
      expect(Math.abs(weight - (weights[at] ?? 0))).toBeLessThan(0.5 / 127 + 1e-6);
    });
  });
});

describe("fitCalibration()", () => {
  test("finds the curve that the outcomes were drawn from", () => {
    const random = createRandom(3);
    const raw = Float64Array.from({ length: 20_000 }, () => 4 * random() - 2);
    const observed = raw.map((value) => (random() < 1 / (1 + Math.exp(-(1.5 * value - 0.5))) ? 1 : 0));
    const { slope, intercept } = fitCalibration(raw, { observed, weights: raw.map(() => 1) });
    expect(slope).toBeCloseTo(1.5, 1);
    expect(intercept).toBeCloseTo(-0.5, 1);
  });

  test("never turns the order round", () => {
    const raw = Float64Array.of(1, 2, 3, 4);
    const { slope } = fitCalibration(raw, {
      observed: Float64Array.of(1, 1, 0, 0),
      weights: raw.map(() => 1),
    });
    expect(slope).toBeGreaterThan(0);
  });
});

describe("fitCurve()", () => {
  const raw = Float64Array.from({ length: 1_000 }, (_, at) => Math.sin(at));
  const weights = raw.map(() => 1);
  const scores = ({ calibration: { slope, intercept } }: Curve) =>
    raw.map((value) => Math.round(10_000 / (1 + Math.exp(-(slope * value + intercept)))) / 100);

  test("claims a chance where more fail the higher the raw score is", () => {
    const observed = raw.map((value) => Number(value > 0));
    const curve = fitCurve(raw, { observed, weights });
    expect(curve).toEqual({ calibration: fitCalibration(raw, { observed, weights }), isChance: true });
  });

  test("spreads the scores where what gains most fails no more often, and claims none", () => {
    const observed = raw.map((value) => (value > 0 ? 0.25 : 0.35));
    const curve = fitCurve(raw, { observed, weights });
    expect(curve.isChance).toBe(false);
    const spread = scores(curve);
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(40);
    expect(spread.reduce((sum, score) => sum + score, 0) / spread.length).toBeCloseTo(30, -1);
  });

  test("stays finite where all raw scores are alike, or all fails", () => {
    for (const scored of [new Float64Array(raw.length), raw]) {
      const { calibration } = fitCurve(scored, { observed: weights, weights });
      expect(Object.values(calibration).every(Number.isFinite)).toBe(true);
    }
  });
});

describe("predictLeftOut()", () => {
  test("never predicts a row by what was trained on its fold", () => {
    const labels = ["a", "b", "a", "c", "b"];
    predictLeftOut(5, foldsByLabel(labels), (training, fold) => {
      const seen = new Set(training.map((row) => labels[row]));
      expect(fold.every((row) => !seen.has(labels[row] ?? ""))).toBe(true);
      expect(training.length + fold.length).toBe(5);
      return new Float64Array(fold.length);
    });
  });
});

describe("foldsAtRandom()", () => {
  test("keeps rows of one label together, in folds of about one size", () => {
    const labels = Array.from({ length: 100 }, (_, row) => `conversation ${Math.floor(row / 3)}`);
    const folds = foldsAtRandom(labels, 5, createRandom(1));
    expect(folds.flat().sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (const fold of folds) expect(Math.abs(fold.length - 20)).toBeLessThanOrEqual(3);
    const homes = labels.map((_, row) => folds.findIndex((fold) => fold.includes(row)));
    labels.forEach((label, row) => {
      expect(homes[row]).toBe(homes[labels.indexOf(label)]);
    });
  });
});

describe("outcomeTargets()", () => {
  const groups = [{ suites: "maths", weak: ["s", "m"], strong: ["l"] }];
  const outcome = (quality: number) => ({ quality, costUsd: null });

  test("takes the mean of each group", () => {
    const models = new Map([
      ["s", outcome(0)],
      ["m", outcome(0.5)],
      ["l", outcome(1)],
      ["other", outcome(0)],
    ]);
    expect(outcomeTargets({ suite: "maths-5", models }, groups)).toEqual({ weakFail: 0.75, gain: 0.75 });
  });

  test("says nothing of a suite without groups, or where a group has no outcome", () => {
    const models = new Map([["s", outcome(1)]]);
    expect(outcomeTargets({ suite: "maths", models }, groups)).toBeNull();
    expect(
      outcomeTargets(
        {
          suite: "law",
          models: new Map([
            ["s", outcome(1)],
            ["l", outcome(1)],
          ]),
        },
        groups,
      ),
    ).toBeNull();
  });
});

describe("suiteWeights()", () => {
  test("lets a suite that is four times as large say twice as much", () => {
    const weights = suiteWeights(["a", "b", "b", "b", "b"]);
    const sumOfB = weights.slice(1).reduce((sum, weight) => sum + weight, 0);
    expect(sumOfB / (weights[0] ?? 0)).toBeCloseTo(2, 6);
  });
});
