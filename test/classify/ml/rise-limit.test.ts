import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { createMlClassifier } from "../../../src/classify/ml/ml-classifier.ts";
import { limitRise } from "../../../src/classify/ml/rise-limit.ts";
import { scorePrompt } from "../score.ts";
import { NO_WORDS, tinyArtifact } from "./tiny-artifact.ts";

/** Each equals sign adds to the score. */
const numbers = FEATURE_NAMES.map((name) => (name === "equals_signs" ? 1 : 0));
const MODEL = { base: 0, trees: [], numbers, words: NO_WORDS };
const limited = createMlClassifier(tinyArtifact({ model: { ...MODEL, most_rise: 0.5 } }));
const free = createMlClassifier(tinyArtifact({ model: MODEL }));

const QUESTION =
  "Which rivers flow through the capital of Austria, where do they begin, and where do all of them end?";
const ATTACK = " =".repeat(100);

describe("most_rise", () => {
  test.each([
    ["a suffix", `${QUESTION}${ATTACK}`],
    ["a prefix", `${ATTACK} ${QUESTION}`],
    ["a suffix of a short question", `Who wrote Faust, and when?${" =".repeat(30)}`],
    ["both at once of a long text", `${ATTACK} ${QUESTION} ${QUESTION} ${QUESTION}${ATTACK}`],
  ])("holds down what is added by %s", (_, text) => {
    const most = 100 / (1 + Math.exp(-0.5));
    expect(scorePrompt(text, free).score).toBeGreaterThan(95);
    expect(scorePrompt(text, limited).score).toBeLessThanOrEqual(most + 0.01);
    expect(scorePrompt(text, limited).score).toBeGreaterThanOrEqual(scorePrompt(QUESTION, limited).score);
  });

  test("leaves alone what speaks for it in each part", () => {
    for (const words of [12, 30, 60, 100, 150]) {
      const text = `a = b ${"word = ".repeat(words)}`;
      const few = createMlClassifier(tinyArtifact({ model: { ...MODEL, most_rise: 2.5 } }));
      expect(scorePrompt(text, few).score).toBe(scorePrompt(text, free).score);
    }
  });

  test("says so in the trace, which adds up to the score and is otherwise that of the whole", () => {
    const text = `${QUESTION}${ATTACK}`;
    const { score, signals } = scorePrompt(text, limited);
    expect(signals().at(-1)).toMatchObject({ name: "limit", raw: score });
    expect(signals().reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 6);
    expect(signals().slice(0, -1)).toEqual(scorePrompt(text, free).signals());
  });
});

describe("limitRise()", () => {
  const unread = () => {
    throw new Error("the parts were scored for nothing");
  };

  test("scores no part of what asks for no more than the mean, or where nothing is limited", () => {
    expect(limitRise({ most_rise: 1 }, -0.1, unread)).toBe(-0.1);
    expect(limitRise({ most_rise: 1 }, 0, unread)).toBe(0);
    expect(limitRise({}, 7, unread)).toBe(7);
  });

  test("holds a score down to the limit above the lowest part, and never below the mean", () => {
    expect(limitRise({ most_rise: 1 }, 3, () => [2.5, 0.5])).toBe(1.5);
    expect(limitRise({ most_rise: 1 }, 1.4, () => [2.5, 0.5])).toBe(1.4);
    expect(limitRise({ most_rise: 1 }, 3, () => [-4, 2])).toBe(0);
    expect(limitRise({ most_rise: 1 }, 3, () => [])).toBe(3);
  });
});
