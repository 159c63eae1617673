import type { Model } from "../../classify/ml/artifact.ts";
import { createModelScorer } from "../../classify/ml/score-model.ts";
import type { TrainingRows } from "./training-rows.ts";

/** The raw score that a model gives each row, exactly as it does in service. */
export function scoreRows(
  model: Model,
  { numbers, words }: Pick<TrainingRows, "numbers" | "words">,
): Float64Array {
  const score = createModelScorer(model);
  return Float64Array.from(
    numbers,
    (row, at) => score({ numbers: row, words: words[at] ?? new Int32Array() }).raw,
  );
}
