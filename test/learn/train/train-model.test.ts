import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { hashWord } from "../../../src/classify/features/hash-word.ts";
import { createRandom } from "../../../src/learn/random.ts";
import { adaptModel } from "../../../src/learn/train/adapt-model.ts";
import { scoreRows } from "../../../src/learn/train/score-rows.ts";
import { TRAIN_DEFAULTS, trainModel } from "../../../src/learn/train/train-model.ts";
import type { TrainingRows } from "../../../src/learn/train/training-rows.ts";

const OPTIONS = {
  ...TRAIN_DEFAULTS,
  alpha: 3,
  wordBits: 10,
  wordShare: 1,
  forest: { ...TRAIN_DEFAULTS.forest, trees: 30, columnShare: 1 },
};

/** Rows whose target is told by one number, by one word, or by both. */
function madeUpRows(
  size: number,
  seed = 7,
): { rows: TrainingRows; byNumber: Float64Array; byWord: Float64Array } {
  const random = createRandom(seed);
  const [hard, easy] = [hashWord("hard"), hashWord("easy")];
  const drawn = Array.from({ length: size }, () => {
    const numbers = Float32Array.from(FEATURE_NAMES, () => Math.round(random() * 1_000) / 1_000);
    return { numbers, isHard: random() < 0.5 };
  });
  const rows = {
    numbers: drawn.map(({ numbers }) => numbers),
    words: drawn.map(({ isHard }) => Int32Array.of(isHard ? hard : easy, hashWord("other"))),
    weights: new Float64Array(size).fill(1),
  };
  const byNumber = Float64Array.from(drawn, ({ numbers }) => ((numbers[5] ?? 0) > 0.6 ? 1 : 0));
  return { rows, byNumber, byWord: Float64Array.from(drawn, ({ isHard }) => (isHard ? 1 : 0)) };
}

/** The same rows in which all other numbers are 0. */
function numbersOnly(rows: TrainingRows, kept: readonly number[]): TrainingRows {
  const numbers = rows.numbers.map((row) => row.map((value, at) => (kept.includes(at) ? value : 0)));
  return { ...rows, numbers };
}

function correlation(one: Float64Array, other: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [one.map((value) => value - mean(one)), other.map((value) => value - mean(other))];
  const dot = (x: Float64Array, y: Float64Array) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const train = (size = 600) => {
  const { rows, byNumber, byWord } = madeUpRows(size);
  return trainModel(
    rows,
    [{ values: byNumber.map((value, at) => value + (byWord[at] ?? 0)), share: 1 }],
    OPTIONS,
  );
};

describe("trainModel()", () => {
  test("finds what a number and a word say, on rows that it has not seen", () => {
    const { rows, byNumber, byWord } = madeUpRows(400, 99);
    const scores = scoreRows(train(), rows);
    expect(correlation(scores, byNumber)).toBeGreaterThan(0.4);
    expect(correlation(scores, byWord)).toBeGreaterThan(0.6);
  });

  test("gives the same model to the bit for the same rows and seed, another one for another seed", () => {
    const { rows, byNumber } = madeUpRows(300);
    const targets = [{ values: byNumber, share: 1 }];
    const few = { ...OPTIONS, forest: { ...OPTIONS.forest, columnShare: 0.1 } };
    expect(trainModel(rows, targets, few)).toEqual(trainModel(rows, targets, few));
    expect(trainModel(rows, targets, { ...few, seed: 2 })).not.toEqual(trainModel(rows, targets, few));
  });

  test("asks no tree for a feature that is left out", () => {
    const { rows, byNumber } = madeUpRows(300);
    const { trees } = trainModel(rows, [{ values: byNumber, share: 1 }], { ...OPTIONS, without: [5] });
    expect(trees.flatMap(({ feature }) => feature)).not.toContain(5);
  });

  test("keeps the least number of rows in each leaf", () => {
    const leaves = train().trees.flatMap(({ rows }) => rows);
    expect(Math.min(...leaves)).toBeGreaterThanOrEqual(OPTIONS.forest.minLeafRows);
  });
});

describe("adaptModel()", () => {
  test("learns of own rows what the prior does not know", () => {
    const { rows, byNumber, byWord } = madeUpRows(600);
    const prior = trainModel(rows, [{ values: byNumber, share: 1 }], { ...OPTIONS, wordShare: 0 });
    const adapted = adaptModel(prior, rows, { gain: byWord });
    const unseen = madeUpRows(300, 5);
    expect(correlation(scoreRows(prior, unseen.rows), unseen.byWord)).toBeLessThan(0.2);
    expect(correlation(scoreRows(adapted, unseen.rows), unseen.byWord)).toBeGreaterThan(0.8);
  });

  test("learns what no line parts: that one of two numbers is high, and not both", () => {
    const { rows } = madeUpRows(1_000);
    const isOdd = ({ numbers }: TrainingRows) =>
      Float64Array.from(numbers, (row) => Number((row[5] ?? 0) > 0.5 !== (row[6] ?? 0) > 0.5));
    const prior = trainModel(rows, [{ values: rows.weights, share: 1 }], { ...OPTIONS, wordShare: 0 });
    const few = numbersOnly(rows, [5, 6]);
    const adapted = adaptModel(prior, few, { gain: isOdd(few) });
    const unseen = numbersOnly(madeUpRows(300, 5).rows, [5, 6]);
    expect(correlation(scoreRows(adapted, unseen), isOdd(unseen))).toBeGreaterThan(0.4);
  });

  test("grows no trees beside 500, however often it is trained on top of itself", () => {
    const { rows, byNumber } = madeUpRows(60);
    const prior = trainModel(rows, [{ values: byNumber, share: 1 }], OPTIONS);
    const [tree] = prior.trees;
    const many = { ...prior, trees: Array.from({ length: 441 }, () => tree).flatMap((one) => one ?? []) };
    expect(adaptModel(many, rows, { gain: byNumber }).trees).toHaveLength(441);
    const fewer = { ...many, trees: many.trees.slice(1) };
    expect(adaptModel(fewer, rows, { gain: byNumber }).trees).toHaveLength(500);
  });

  test("goes on trusting the prior where own rows are few", () => {
    const { rows, byNumber } = madeUpRows(600);
    const prior = trainModel(rows, [{ values: byNumber, share: 1 }], OPTIONS);
    const few = madeUpRows(30, 3);
    const adapted = adaptModel(prior, few.rows, { gain: few.byNumber });
    const unseen = madeUpRows(300, 5);
    expect(correlation(scoreRows(adapted, unseen.rows), unseen.byNumber)).toBeGreaterThan(0.5);
  });

  test("gives a model that scores as its columns say: the prior's part and the own part add up", () => {
    const { rows, byNumber, byWord } = madeUpRows(200);
    const prior = trainModel(rows, [{ values: byNumber, share: 1 }], OPTIONS);
    const gain = byNumber.map((value, at) => value - (byWord[at] ?? 0));
    const scores = scoreRows(adaptModel(prior, rows, { gain }), rows);
    expect(correlation(scores, gain)).toBeGreaterThan(0.9);
    // The fit is centred on the mean.
    expect(Math.abs(scores.reduce((sum, value) => sum + value, 0) / scores.length)).toBeLessThan(0.02);
  });

  const MUCH = 7;

  /** A prior for which the parts of all rows score far lower than the whole, as they have less of one number. */
  const limitedPrior = (rows: TrainingRows, byNumber: Float64Array) => {
    const numbers = FEATURE_NAMES.map((_, at) => (at === MUCH ? 1 : 0));
    return {
      ...trainModel(rows, [{ values: byNumber, share: 1 }], { ...OPTIONS, mostRise: 0.1 }),
      numbers,
    };
  };

  const withParts = (rows: TrainingRows) => {
    const numbers = rows.numbers.map((row) => row.with(MUCH, 1_000));
    const parts = numbers.map((row) => {
      return [{ numbers: row.with(MUCH, 10 * (row[0] ?? 0)), words: new Int32Array() }];
    });
    return { ...rows, numbers, parts };
  };

  test("holds down hardly any of one's own requests, however far they score above their parts", () => {
    const { rows, byNumber } = madeUpRows(600);
    const own = withParts(rows);
    const adapted = adaptModel(limitedPrior(rows, byNumber), own, { gain: byNumber });
    const whole = scoreRows(adapted, { numbers: own.numbers, words: own.words });
    const held = scoreRows(adapted, own).filter((score, at) => score < (whole[at] ?? 0));
    expect(held.length).toBeGreaterThan(0);
    expect(held.length / whole.filter((score) => score > 0).length).toBeLessThanOrEqual(0.02);
  });

  test("limits nothing where no text is known, or where the prior does not", () => {
    const { rows, byNumber, byWord } = madeUpRows(300);
    const free = { ...limitedPrior(rows, byNumber), most_rise: undefined };
    expect(adaptModel(limitedPrior(rows, byNumber), rows, { gain: byWord })).not.toHaveProperty("most_rise");
    expect(adaptModel(free, withParts(rows), { gain: byWord })).not.toHaveProperty("most_rise");
  });

  test("takes the whole of the prior's scores, and not what its limit leaves", () => {
    const { rows, byNumber, byWord } = madeUpRows(300);
    const { parts, ...own } = withParts(rows);
    const prior = limitedPrior(rows, byNumber);
    const { most_rise, ...model } = adaptModel(prior, { ...own, parts }, { gain: byWord });
    expect(model).toEqual(adaptModel(prior, own, { gain: byWord }));
    expect(most_rise).toBeGreaterThan(0);
  });
});
