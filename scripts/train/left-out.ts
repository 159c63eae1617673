import { writeFileSync } from "node:fs";
import type { Calibration } from "../../src/learn/train/calibrate.ts";

/** Raw scores of prompts by models that had not seen their suite, and what makes chances of them. */
interface LeftOut {
  readonly ids: readonly string[];
  readonly scores: Float64Array;
  readonly calibration: Calibration;
}

/** Writes lines of `{id, score}` for `bench:quality --held-out`; a score is 100 × the chance that a cheap model fails. */
export function writeLeftOut(path: string, { ids, scores, calibration }: LeftOut): void {
  const lines = ids.map((id, at) => {
    const chance = 1 / (1 + Math.exp(-(calibration.slope * (scores[at] ?? 0) + calibration.intercept)));
    return `${JSON.stringify({ id, score: Number((100 * chance).toFixed(4)) })}\n`;
  });
  writeFileSync(path, lines.join(""));
}
