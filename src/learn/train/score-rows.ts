import type { Model } from "../../classify/ml/artifact.ts";
import { createModelScorer } from "../../classify/ml/score-model.ts";
import type { TrainingRows } from "./training-rows.ts";

/** The raw score that a model gives each row, exactly as it does in service where the rows have their ends. */
export function scoreRows(
  model: Model,
  { numbers, words, ends }: Pick<TrainingRows, "numbers" | "words" | "ends">,
): Float64Array {
  const score = createModelScorer(model);
  const rise = model.most_rise ?? Number.POSITIVE_INFINITY;
  return Float64Array.from(numbers, (row, at) => {
    const limits = (ends?.[at] ?? []).map((end) => score(end).raw + rise);
    return Math.min(score({ numbers: row, words: words[at] ?? new Int32Array() }).raw, ...limits);
  });
}
