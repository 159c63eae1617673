import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { createStaticClassifier } from "../src/classify/static.ts";
import { STATIC_DEFAULTS } from "../src/classify/static-defaults.ts";
import { createPromptScorer } from "../src/learn/score-prompt.ts";

const rowSchema = z.object({ split: z.string(), prompt: z.string(), expected_tier: z.string() });

/** A prompt with the tier that a person gave it. */
export interface Labelled {
  readonly split: string;
  readonly prompt: string;
  readonly tier: string;
}

/** Reads a gzipped JSON Lines file of labelled prompts. */
export function readTierLabels(path: string): Labelled[] {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  return lines.map((line) => {
    const { split, prompt, expected_tier } = rowSchema.parse(JSON.parse(line));
    return { split, prompt, tier: expected_tier };
  });
}

/** The static score of a lone prompt under the default settings; 0 where it has no text. */
export const staticScore = createPromptScorer(createStaticClassifier(STATIC_DEFAULTS));

/** The tier of a score by the default ranges 0-30, 31-65, 66-100. */
export function tierOf(score: number): "simple" | "medium" | "complex" {
  return score < 31 ? "simple" : score < 66 ? "medium" : "complex";
}
