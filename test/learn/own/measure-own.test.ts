import { describe, expect, it } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import type { Artifact } from "../../../src/classify/ml/artifact.ts";
import type { JudgedRow } from "../../../src/learn/dataset/judge-rows.ts";
import { compareColumns, isGain, MAX_DOUBT, sampleOf } from "../../../src/learn/own/measure-own.ts";
import { trainOnOwn } from "../../../src/learn/own/train-on-own.ts";
import { unseenBy } from "../../../src/learn/own/unseen-rows.ts";
import { createRandom } from "../../../src/learn/random.ts";
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

describe("sampleOf()", () => {
  const priced = (known: number) =>
    ROWS.map((row, at) => ({
      ...row,
      weak: { ...row.weak, costUsd: at < known ? 0.008 : null },
      strong: { ...row.strong, costUsd: at >= known ? 0.01 : null },
    }));

  it("counts the mean cost of a model where its own is not known: a log knows that of the one that served", () => {
    const { costBasis, weak, strong } = sampleOf(priced(500));
    expect(costBasis).toBe("usd");
    for (const cost of weak.cost) expect(cost).toBeCloseTo(0.008, 12);
    for (const cost of strong.cost) expect(cost).toBeCloseTo(0.01, 12);
  });

  it("counts calls where too few costs of a model are known", () => {
    const { costBasis, weak, strong } = sampleOf(priced(29));
    expect([costBasis, weak.cost[0], strong.cost[0]]).toEqual(["calls", 0, 1]);
  });
});

describe("unseenBy()", () => {
  const seenBy = (training: Partial<Artifact["training"]>) => {
    const artifact = tinyArtifact();
    const isUnseen = unseenBy({ ...artifact, training: { ...artifact.training, ...training } });
    return ROWS.filter(isUnseen).length;
  };

  it.each([
    ["all, where no request of one's own was learned from", {}, 1_000],
    ["those decided later", { adapted_from: "0", trained_until: new Date(599).toISOString() }, 400],
    ["none, where the time is not known", { adapted_from: "0", trained_until: null }, 0],
    ["none, where another program told none", { trained_until: null }, 0],
    ["none, where an earlier version did not say", { adapted_from: "0" }, 0],
  ])("tells %s", (_, training, unseen) => {
    expect(seenBy(training)).toBe(unseen);
  });
});

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

  it("takes no conversation of many turns for many witnesses", () => {
    const [conversations, turns] = [40, 400];
    /** Scores and labels by lot, the same for all turns of a conversation: whether the scores are taken for better. */
    const isTaken = (seed: number, nameOf: (turn: number) => string): boolean => {
      const random = createRandom(seed);
      const lots = Array.from({ length: conversations }, () => [random(), Math.round(random())] as const);
      const lotOf = (turn: number) => lots[turn % conversations] ?? [0, 0];
      const rows = Array.from({ length: turns }, (_, turn): JudgedRow => {
        const row = rowOf({ digest: `d${turn}`, conversation: nameOf(turn) });
        const weak = { quality: lotOf(turn)[1], costUsd: null };
        return { row, weak, strong: { quality: 1, costUsd: null }, weight: 1, kind: "both models" };
      });
      const scores = Float64Array.from(rows, (_, turn) => lotOf(turn)[0]);
      const options = { resamples: 200, seed: 1, maxShare: 1 };
      return compareColumns(rows, [scores, new Float64Array(turns)], options).doubt < MAX_DOUBT;
    };
    const takenOf = (nameOf: (turn: number) => string) =>
      Array.from({ length: 60 }, (_, seed) => isTaken(seed, nameOf)).filter((taken) => taken).length;
    expect(takenOf((turn) => `c${turn % conversations}`)).toBeLessThan(5);
    expect(takenOf(String)).toBeGreaterThan(10);
  }, 240_000);

  it("cannot tell by a few conversations: one that is drawn again and again makes anything certain", () => {
    const taken = ROWS.filter(({ row }) => row.caller !== "flood");
    const [right, wrong] = [WRONG_ON_FLOOD, RIGHT_ON_FLOOD].map((scores) =>
      Float64Array.from(taken, ({ row }) => scores[row.atMs ?? 0] ?? 0),
    );
    const doubtOf = (conversations: number) => {
      const rows = taken.map((one, at) => {
        return { ...one, row: { ...one.row, conversation: `c${at % conversations}` } };
      });
      const columns = [right ?? new Float64Array(), wrong ?? new Float64Array()] as const;
      return compareColumns(rows, columns, { ...OPTIONS, maxShare: 1 }).doubt;
    };
    expect([1, 29, 30, 200].map(doubtOf)).toEqual([1, 1, 0, 0]);
  });

  it("takes no order for better where all requests gain the same: sums differ by their order alone", () => {
    const rows = ROWS.map((row) => ({ ...row, weak: { quality: 0.1, costUsd: null } }));
    const random = createRandom(1);
    const scores = () => Float64Array.from(rows, () => random());
    expect(compareColumns(rows, [scores(), scores()], { ...OPTIONS, maxShare: 1 }).doubt).toBe(1);
  });

  it("compares on all requests where no key has more than its share", () => {
    const rows = ROWS.filter(({ row }) => row.caller !== "flood");
    const scores = new Float64Array(rows.length);
    expect(compareColumns(rows, [scores, scores], { ...OPTIONS, maxShare: 0.01 }).rows).toBe(200);
  });
});

describe("isGain()", () => {
  const gainOf = (doubt: number, value: number | null) => {
    return { rows: 600, share: 1, conversations: 600, difference: { value, low: null, high: null }, doubt };
  };

  it.each([
    { doubt: 0.024, newest: gainOf(0.4, 0.01), expected: true },
    { doubt: 0.024, newest: null, expected: true },
    { doubt: 0.024, newest: gainOf(0.6, -0.01), expected: false },
    // Of labels by lot one cross-validation in twenty passes at .025.
    { doubt: 0.025, newest: gainOf(0, 0.1), expected: false },
    { doubt: 0.03, newest: gainOf(0, 0.1), expected: false },
  ])("is $expected where $doubt of the resamples are not better", ({ doubt, newest, expected }) => {
    expect(isGain(gainOf(doubt, 0.05), newest)).toBe(expected);
  });
});

describe("trainOnOwn()", () => {
  const prior = tinyArtifact({ model: TINY_MODEL });
  const train = (maxShare: number, inUse = prior) =>
    trainOnOwn(ROWS, {
      // Right on the requests of the one key: what is long is hard.
      prior,
      inUse,
      ...{ priorDigest: "0", tiers: 2, goal: { keepQuality: 0.97 }, maxShare, seed: 1, date: "2026-01-31" },
      onStep: () => undefined,
    });

  it("takes a classifier that serves all but one key better, however many labels that one has", () => {
    const { isBetter, gain, onNewest } = train(0.01);
    expect({ isBetter, rows: gain.rows }).toEqual({ isBetter: true, rows: 221 });
    expect(onNewest?.difference.value).toBeGreaterThan(0);
    expect(train(1).isBetter).toBe(false);
  }, 240_000);

  it("compares with one of one's own on requests later than it was trained on alone, and learns from all", () => {
    const own = { ...prior.training, adapted_from: "0", trained_until: new Date(599).toISOString() };
    const { report, gain, artifact } = train(1, { ...prior, training: own });
    expect({ prompts: report.prompts, compared: gain.rows, learned: artifact.training.rows }).toEqual({
      prompts: 400,
      compared: 400,
      learned: 1_000,
    });
    expect(artifact.training.trained_until).toBe(new Date(999).toISOString());
  }, 240_000);
});
