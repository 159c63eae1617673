import { describe, expect, it } from "vitest";
import { evaluateLineup } from "../../src/learn/evaluate.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import { createRandom } from "../../src/learn/random.ts";
import type { ComparisonReport, ScorerReport } from "../../src/learn/report.ts";
import { rowOf } from "./row-of.ts";

const random = createRandom(5);
/** Two suites; the small model fails on the hard half of each, which the first classifier knows and the second does not. */
const ROWS = Array.from({ length: 400 }, (_, i) => {
  const isHard = i % 2 === 1;
  const suite = i < 300 ? "large" : "small";
  const options = {
    group: isHard ? "hard" : "easy",
    scores: [isHard ? 90 : 10, 100 * random()],
    length: i % 7,
  };
  return rowOf(suite, { small: isHard && random() < 0.8 ? 0 : 1, large: 1 }, options);
});
const OPTIONS = {
  classifiers: [
    { name: "knowing", isChance: true },
    { name: "guessing", isChance: false },
  ],
  tiers: [
    { name: "simple", low: 0 },
    { name: "medium", low: 31 },
    { name: "complex", low: 66 },
  ],
  resamples: 100,
  seed: 1,
};

function evaluate(): ComparisonReport {
  const report = evaluateLineup(ROWS, namedLineup(["small", "large"]), OPTIONS);
  if (report === null) throw new Error("found no comparison");
  return report;
}

function scorer(report: ComparisonReport, name: string): ScorerReport {
  const found = report.pooled.scorers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`found no ${name}`);
  return found;
}

describe("evaluateLineup()", () => {
  const report = evaluate();

  it("puts the controls beside the classifiers, on all suites and on each", () => {
    const names = ["knowing", "guessing", "random", "length alone", "group mean", "oracle"];
    expect(report.suites.map(({ suite, prompts }) => [suite, prompts])).toEqual([
      ["large", 300],
      ["small", 100],
    ]);
    for (const set of [report.pooled, ...report.suites]) {
      expect(set.scorers.map(({ name }) => name)).toEqual(names);
    }
  });

  it("tells a classifier that knows from one that guesses", () => {
    const [knowing, guessing] = [scorer(report, "knowing"), scorer(report, "guessing")];
    expect(knowing.apgr.value).toBeGreaterThan(0.7);
    expect(knowing.apgrOverLength.low).toBeGreaterThan(0.1);
    expect(knowing.lift50.low).toBeGreaterThan(0.1);
    expect(guessing.apgr.low).toBeLessThan(0.5);
    expect(guessing.apgr.high).toBeGreaterThan(0.5);
  });

  it("says that what it knows is the kind of work", () => {
    expect(scorer(report, "knowing").withinGroupApgr.value).toBeCloseTo(0.5, 9);
    expect(scorer(report, "group mean").withinGroupApgr.value).toBeCloseTo(0.5, 9);
    expect(scorer(report, "oracle").withinGroupApgr.value).toBeGreaterThan(0.55);
  });

  it("shows how far a random router strays", () => {
    const { apgr } = scorer(report, "random");
    expect(apgr.value).toBe(0.5);
    expect(apgr.low).toBeLessThan(0.49);
    expect(apgr.high).toBeGreaterThan(0.51);
  });

  it("calibrates only a score that claims a probability", () => {
    const { calibration } = scorer(report, "knowing");
    expect(
      calibration?.bins.map(({ prompts, predicted }) => [prompts, Number(predicted.toFixed(3))]),
    ).toEqual([
      [200, 0.1],
      [200, 0.9],
    ]);
    expect(calibration?.error.value).toBeLessThan(0.2);
    expect(scorer(report, "guessing").calibration).toBeNull();
  });

  it("measures each border between tiers, for classifiers alone", () => {
    const points = scorer(report, "knowing").operatingPoints;
    expect(points.map(({ name, shares }) => [name, shares])).toEqual([
      ["simple | medium, complex", [0.5, 0.5]],
      ["simple, medium | complex", [0.5, 0.5]],
    ]);
    expect(points[0]).toMatchObject({
      quality: { value: 1 },
      cost: { value: 0.5 },
      underRouting: { value: 0 },
    });
    expect(scorer(report, "oracle").operatingPoints).toEqual([]);
  });

  it("is the same each time", () => {
    expect(evaluate()).toEqual(report);
  });

  it("names the suites that it leaves out, and is nothing where none is left", () => {
    const alone = rowOf("alone", { small: 1 }, { scores: [1, 1] });
    const pair = namedLineup(["small", "large"]);
    expect(evaluateLineup([...ROWS, alone], pair, OPTIONS)?.leftOut).toEqual(["alone"]);
    expect(evaluateLineup([alone], pair, OPTIONS)).toBeNull();
  });
});
