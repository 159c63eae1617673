import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { hashWord } from "../../../src/classify/features/hash-word.ts";
import { createMlClassifier } from "../../../src/classify/ml/ml-classifier.ts";
import { scorePrompt } from "../score.ts";
import { NO_WORDS, TINY_MODEL, tinyArtifact } from "./tiny-artifact.ts";

const SHORT = "What is the capital of France?";
const LONG =
  "Prove that every bounded sequence of real numbers has a subsequence that converges, and say why.";
const sigmoid = (raw: number) => 100 / (1 + Math.exp(-raw));

describe("createMlClassifier()", () => {
  test("walks a tree to the leaf that the numbers lead to", () => {
    const classify = createMlClassifier(tinyArtifact());
    expect(scorePrompt(SHORT, classify).score).toBeCloseTo(sigmoid(-1), 1);
    expect(scorePrompt(LONG, classify).score).toBeCloseTo(sigmoid(2), 1);
  });

  test("calibrates the raw score", () => {
    const classify = createMlClassifier(tinyArtifact({ calibration: { slope: 2, intercept: 0.5 } }));
    expect(scorePrompt(LONG, classify).score).toBeCloseTo(sigmoid(4.5), 1);
  });

  test("adds a weight for ln(1 + x) of each number", () => {
    const numbers = FEATURE_NAMES.map((name) => (name === "words" ? 0.5 : 0));
    const model = { base: 1, trees: [], numbers, words: NO_WORDS };
    const classify = createMlClassifier(tinyArtifact({ model }));
    expect(scorePrompt(SHORT, classify).score).toBeCloseTo(sigmoid(1 + 0.5 * Math.log1p(6)), 1);
  });

  test("adds the weights of the words, together a vector of length 1", () => {
    const weights = Buffer.alloc(256);
    weights.writeInt8(-100, hashWord("banana") >>> 24);
    const model = {
      base: 0,
      trees: [],
      numbers: [],
      words: { ...NO_WORDS, scale: 0.01, weights: weights.toString("base64") },
    };
    const classify = createMlClassifier(tinyArtifact({ model }));
    expect(scorePrompt("Banana!", classify).score).toBeCloseTo(sigmoid(-1), 1);
    expect(scorePrompt("bicycle", classify).score).toBe(50);
  });

  test("explains a score by contributions that add up to it, whatever the prompt", () => {
    const classify = createMlClassifier(tinyArtifact());
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { score, signals, confidence } = scorePrompt(text, classify);
        const sum = signals().reduce((total, { contribution }) => total + contribution, 0);
        expect(sum).toBeCloseTo(score, 6);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("names the features that moved the score", () => {
    const { signals } = scorePrompt(LONG, createMlClassifier(tinyArtifact()));
    const moved = signals().filter(({ contribution, name }) => contribution !== 0 && name !== "start");
    expect(moved).toEqual([
      {
        name: "length and rarity of words",
        raw: expect.any(Number),
        weight: 0,
        contribution: expect.closeTo(sigmoid(2) - 50, 1),
        found: "words 16",
      },
    ]);
  });

  test("is less sure near even and of words that it never met", () => {
    const numbers = FEATURE_NAMES.map(() => 0);
    const sure = createMlClassifier(tinyArtifact({ model: { ...TINY_MODEL, trees: [], base: 3, numbers } }));
    const even = createMlClassifier(tinyArtifact({ model: { ...TINY_MODEL, trees: [], base: 0, numbers } }));
    expect(scorePrompt(SHORT, even).confidence).toBe(0);
    const { confidence } = scorePrompt(SHORT, sure);
    expect(confidence).toBeGreaterThan(0.85);
    expect(scorePrompt("qwzx vbnq zzxyq plkwq", sure).confidence).toBeLessThan(0.6);
  });
});
