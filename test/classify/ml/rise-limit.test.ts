import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { createMlClassifier } from "../../../src/classify/ml/ml-classifier.ts";
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
  test("holds down what a suffix or a prefix of 200 characters adds", () => {
    const plain = scorePrompt(QUESTION, limited).score;
    const most = 100 / (1 + Math.exp(-0.5));
    for (const text of [`${QUESTION}${ATTACK}`, `${ATTACK} ${QUESTION}`]) {
      expect(scorePrompt(text, free).score).toBeGreaterThan(95);
      expect(scorePrompt(text, limited).score).toBeLessThanOrEqual(most + 0.01);
      expect(scorePrompt(text, limited).score).toBeGreaterThanOrEqual(plain);
    }
  });

  test("leaves alone what speaks for it without either end", () => {
    const text = `${"word ".repeat(45)}a = b = c = d ${"word ".repeat(45)}`;
    expect(scorePrompt(text, limited).score).toBeCloseTo(scorePrompt(text, free).score, 1);
  });

  test("says so in the trace, which adds up to the score", () => {
    const { score, signals } = scorePrompt(`${QUESTION}${ATTACK}`, limited);
    expect(signals.at(-1)).toMatchObject({ name: "limit", raw: score });
    expect(signals.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 6);
  });
});
