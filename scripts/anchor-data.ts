import { readFileSync } from "node:fs";
import { FEATURE_VERSION } from "../src/classify/features/feature-list.ts";
import { createMlClassifier } from "../src/classify/ml/ml-classifier.ts";
import { parseArtifact } from "../src/classify/ml/parse-artifact.ts";
import { EVERYDAY_REQUESTS, HARD_REQUESTS } from "../src/learn/own/anchor-requests.ts";
import { createPromptScorer } from "../src/learn/score-prompt.ts";
import { promptFeatures } from "../src/learn/train/prompt-features.ts";

/** Digits that tell one single-precision number from the next. */
const DIGITS = 9;

/** The requests that training on one's own traffic sees beside it, with their features and what the shipped classifier says of them: a line each. */
export function anchorData(): string {
  const parsed = parseArtifact(
    readFileSync(new URL("../artifacts/complexity.json", import.meta.url), "utf8"),
  );
  if (!parsed.ok) throw new Error(parsed.problem);
  const score = createPromptScorer(createMlClassifier(parsed.loaded.artifact));
  const lineOf = (kind: "everyday" | "hard") => (prompt: string) => {
    const features = Array.from(promptFeatures(prompt).numbers, (value) => Number(value.toPrecision(DIGITS)));
    const line = { kind, prompt, score: score(prompt), feature_version: FEATURE_VERSION, features };
    return `${JSON.stringify(line)}\n`;
  };
  return [...EVERYDAY_REQUESTS.map(lineOf("everyday")), ...HARD_REQUESTS.map(lineOf("hard"))].join("");
}
