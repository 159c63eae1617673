import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMlClassifier } from "../../../src/classify/ml/ml-classifier.ts";
import { parseArtifact } from "../../../src/classify/ml/parse-artifact.ts";
import { scorePrompt } from "../score.ts";

const parsed = parseArtifact(readFileSync("artifacts/complexity.json", "utf8"));
if (!parsed.ok) throw new Error(parsed.problem);
const classify = createMlClassifier(parsed.loaded.artifact);

/** Where the dearest tier of the shipped policy begins, and where its middle one does. */
const COMPLEX = 55;
const MEDIUM = 45;

describe("the classifier that ships", () => {
  test.each([
    "hi",
    "42",
    "1984",
    "2+2",
    "17*23=",
    "12*12",
    "5 + 7 = ?",
    "What is 2+2?",
    "What is 2 + 2?",
    "Is 17 prime?",
    "10 km in miles?",
    "12/05/2024",
    "Was ist 2+2?",
    "¿Cuánto es 5 + 5?",
    "What is the capital of France?",
  ])("sends %j to the cheapest tier", (prompt) => {
    expect(scorePrompt(prompt, classify).score).toBeLessThan(MEDIUM);
  });

  test.each(["8.5%", "Python 3.12 release date", "$100", "Solve 3x + 5 = 20"])(
    "does not send %j to the dearest tier",
    (prompt) => {
      expect(scorePrompt(prompt, classify).score).toBeLessThan(COMPLEX);
    },
  );

  test.each([
    "Prove that there are infinitely many primes",
    "Derive the Euler-Lagrange equation and apply it to the double pendulum",
    "Implement a lock-free MPMC queue in C++ and explain the memory ordering of every atomic operation",
  ])("sends %j to the dearest tier", (prompt) => {
    expect(scorePrompt(prompt, classify).score).toBeGreaterThanOrEqual(COMPLEX);
  });
});
