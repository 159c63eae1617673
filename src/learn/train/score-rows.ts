import type { Model } from "../../classify/ml/artifact.ts";
import { limitRise } from "../../classify/ml/rise-limit.ts";
import { createModelScorer } from "../../classify/ml/score-model.ts";
import type { TrainingRows } from "./training-rows.ts";

/** The raw score that a model gives each row, exactly as it does in service where the rows have their parts. */
export function scoreRows(
  model: Model,
  { numbers, words, parts }: Pick<TrainingRows, "numbers" | "words" | "parts">,
): Float64Array {
  const { score } = createModelScorer(model);
  return Float64Array.from(numbers, (row, at) => {
    const raw = score({ numbers: row, words: words[at] ?? new Int32Array() });
    return limitRise(model, raw, () => (parts?.[at] ?? []).map((part) => score(part)));
  });
}
