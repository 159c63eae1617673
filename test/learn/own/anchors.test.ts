import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseArtifact } from "../../../src/classify/ml/parse-artifact.ts";
import type { JudgedRow } from "../../../src/learn/dataset/judge-rows.ts";
import { EVERYDAY_REQUESTS, HARD_REQUESTS } from "../../../src/learn/own/anchor-requests.ts";
import { anchorLesson, readAnchors } from "../../../src/learn/own/anchors.ts";
import { prepareRows, toScores, trainCandidate } from "../../../src/learn/own/train-own.ts";
import { createRandom } from "../../../src/learn/random.ts";
import { promptFeatures } from "../../../src/learn/train/prompt-features.ts";
import { scoreRows } from "../../../src/learn/train/score-rows.ts";
import { rowOf } from "../dataset/row-of.ts";

function shipped() {
  const parsed = parseArtifact(readFileSync("artifacts/complexity.json", "utf8"));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.loaded.artifact;
}
const PRIOR = shipped();

const judge = (prompt: string, isHard: boolean, at: number): JudgedRow => ({
  row: rowOf({ features: promptFeatures(prompt), digest: `d${at}`, conversation: `c${at}` }),
  weak: { quality: isHard ? 0 : 1, costUsd: null },
  strong: { quality: 1, costUsd: null },
  weight: 1,
  kind: "both models",
});

/** Exam questions, of which the short ones are hard: what a line through them says of a greeting is that it is hardest. */
const EXAM: readonly JudgedRow[] = (() => {
  const random = createRandom(5);
  const number = () => 10 + Math.floor(random() * 9_000);
  return Array.from({ length: 300 }, (_, at) => {
    const steps = 2 + Math.floor(random() * 12);
    const given = Array.from({ length: steps }, () => `the load of ${number()} N acts at ${number()} mm`);
    const prompt = `A beam of ${number()} mm rests on two supports; ${given.join(", ")}. Which moment results? (A) ${number()} (B) ${number()} (C) ${number()} (D) ${number()}`;
    return judge(prompt, steps + 4 * random() < 9, at);
  });
})();

const UNKNOWN = [
  ...["hi", "thanks", "hello there", "What is the capital of France?", "who painted the Mona Lisa", "2+2"],
  ...["How do I exit vim?", "Give me a synonym of big", "What does HTTP stand for?", "What is a pointer?"],
  ...["Translate 'cat' to Spanish", "Who is the president of Brazil?", "good night", "Guten Morgen"],
  ...[
    "Was ist ein Router?",
    "Grazie mille",
    "¿Quién escribió Don Quijote?",
    "Как дела?",
    "今天星期几？",
    "شكرا",
  ],
];

const OPTIONS = { seed: 1, maxShare: 1, onStep: () => undefined };

/** Scores of lone prompts by what was trained on rows, and by what it was started from. */
function scoresAfter(judged: readonly JudgedRow[], prompts: readonly string[]) {
  const features = prompts.map(promptFeatures);
  const rows = {
    numbers: features.map(({ numbers }) => numbers),
    words: features.map(({ words }) => words),
    parts: features.map(({ parts }) => parts),
  };
  const { model, calibration } = trainCandidate(PRIOR, prepareRows(judged, OPTIONS), OPTIONS);
  return {
    own: [...toScores(scoreRows(model, rows), calibration)],
    prior: [...toScores(scoreRows(PRIOR.model, rows), PRIOR.calibration)],
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("trainCandidate()", () => {
  it("scores everyday requests hardly higher than the prior where it saw exam questions alone", () => {
    expect(EVERYDAY_REQUESTS.filter((request) => UNKNOWN.includes(request))).toEqual([]);
    const { own, prior } = scoresAfter(EXAM, UNKNOWN);
    own.forEach((score, at) => {
      expect(score, UNKNOWN[at]).toBeLessThan((prior[at] ?? 0) + 5);
    });
  });

  it("lets labels of such requests say otherwise", () => {
    const told = EVERYDAY_REQUESTS.concat(UNKNOWN.slice(10)).flatMap((prompt, at) => {
      return [0, 1, 2].map((copy) => judge(`${prompt}${" ".repeat(copy)}`, true, 1_000 + 10 * at + copy));
    });
    const { own, prior } = scoresAfter([...EXAM, ...told], UNKNOWN.slice(0, 10));
    expect(meanOf(own)).toBeGreaterThan(meanOf(prior) + 15);
  });

  it("gives the same model for the same rows and seed", () => {
    const train = () => trainCandidate(PRIOR, prepareRows(EXAM.slice(0, 60), OPTIONS), OPTIONS).model;
    expect(train()).toEqual(train());
  });
});

describe("anchorLesson()", () => {
  const anchors = readAnchors();
  const lessonOf = (failing: number) => {
    const { rows, gain } = prepareRows(EXAM, OPTIONS);
    const fail = gain.map((_, at) => Number(at < failing * gain.length));
    return anchorLesson(PRIOR, anchors, { rows, gain, fail });
  };
  const MEAN_GAIN = meanOf(EXAM.map(({ weak, strong }) => strong.quality - weak.quality));

  it("weighs a tenth of one's own rows", () => {
    const { weights } = lessonOf(0.5).rows;
    expect(weights).toHaveLength(EVERYDAY_REQUESTS.length + HARD_REQUESTS.length);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0.1 * EXAM.length, 6);
  });

  it("puts everyday requests below one's own also where the weak model hardly fails on these", () => {
    for (const failing of [0, 0.02, 0.5, 0.9, 1]) {
      const gains = [...lessonOf(failing).gain].slice(0, EVERYDAY_REQUESTS.length);
      expect(Math.max(...gains), String(failing)).toBeLessThan(MEAN_GAIN);
    }
  });

  it("puts hard requests no lower beside one's own where the weak model fails on most of these", () => {
    const hardOf = (failing: number) => meanOf([...lessonOf(failing).gain].slice(EVERYDAY_REQUESTS.length));
    expect(hardOf(0.95)).toBeGreaterThan(MEAN_GAIN - 0.1);
    expect(hardOf(0.3)).toBeGreaterThan(MEAN_GAIN + 0.1);
  });
});
