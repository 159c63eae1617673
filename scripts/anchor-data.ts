import { readFileSync } from "node:fs";
import { chooseClassifier } from "../src/classify/choose-classifier.ts";
import { FEATURE_VERSION } from "../src/classify/features/feature-list.ts";
import { parseArtifact } from "../src/classify/ml/parse-artifact.ts";
import { STATIC_DEFAULTS } from "../src/classify/static-defaults.ts";
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
  const { classify, revision } = chooseClassifier({ strategy: "ml", static: STATIC_DEFAULTS, ml: parsed });
  const score = createPromptScorer(classify);
  const lineOf = (kind: "everyday" | "hard") => (prompt: string) => {
    const features = Array.from(promptFeatures(prompt).numbers, (value) => Number(value.toPrecision(DIGITS)));
    const version = { classifier_revision: revision, feature_version: FEATURE_VERSION };
    const line = { kind, prompt, score: score(prompt), ...version, features };
    return `${JSON.stringify(line)}\n`;
  };
  return [...EVERYDAY_REQUESTS.map(lineOf("everyday")), ...HARD_REQUESTS.map(lineOf("hard"))].join("");
}
