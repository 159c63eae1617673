import type { Artifact } from "../../classify/ml/artifact.ts";
import type { Lesson } from "../train/adapt-model.ts";
import { promptFeatures } from "../train/prompt-features.ts";
import { scoreRows } from "../train/score-rows.ts";
import { deviation, type TrainingRows, weightedMean } from "../train/training-rows.ts";
import { EVERYDAY_REQUESTS, HARD_REQUESTS } from "./anchor-requests.ts";

/** Weight of all anchors together, as a part of that of one's own rows. */
const WEIGHT_SHARE = 0.1;

/**
 * What the gain differs by, in its deviations, where the chance that the weak model fails differs by a logit: a little
 * less than the curves of five sets of outcomes have it, which rise by 1.1 to 1.7 logits for a deviation.
 */
const DEVIATIONS_PER_LOGIT = 0.5;

/** A mean beyond these would put all anchors at one end: 0..1. */
const [LOWEST_MEAN, HIGHEST_MEAN] = [0.05, 0.95];

/** Requests of ours of which the prior's word goes on counting: the everyday ones, then the hard ones. */
export type Anchors = Pick<TrainingRows, "numbers" | "words" | "parts">;

/** Reads what the trainer sees of them. */
export function readAnchors(): Anchors {
  const features = [...EVERYDAY_REQUESTS, ...HARD_REQUESTS].map(promptFeatures);
  return {
    numbers: features.map(({ numbers }) => numbers),
    words: features.map(({ words }) => words),
    parts: features.map(({ parts }) => parts),
  };
}

/**
 * Says of each anchor what one's own traffic would have to say for it to score as the prior has it. Where the weak model
 * fails on that traffic less often than the prior expects, everyday requests are to score so much lower, or they would be
 * dear beside it; where it fails more often, hard ones so much higher, or they would be cheap.
 *
 * @param own one's own rows with their gain, and how often the weak model failed on each, 0..1.
 */
export function anchorLesson(
  { model, calibration }: Pick<Artifact, "model" | "calibration">,
  anchors: Anchors,
  { rows, gain, fail }: Lesson & { readonly fail: Float64Array },
): Lesson {
  const { weights } = rows;
  const logits = (raw: Float64Array) => raw.map((value) => calibration.slope * value + calibration.intercept);
  const failed = Math.min(HIGHEST_MEAN, Math.max(LOWEST_MEAN, weightedMean(fail, weights)));
  const seen = Math.log(failed / (1 - failed));
  // Without parts: they are long to score, and hold down few.
  const expected = weightedMean(logits(scoreRows(model, { ...rows, parts: [] })), weights);
  const [low, high] = [Math.min(seen, expected), Math.max(seen, expected)];
  const [mean, size] = [weightedMean(gain, weights), DEVIATIONS_PER_LOGIT * deviation(gain, weights)];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const count = anchors.numbers.length;
  return {
    rows: { ...anchors, parts: [], weights: new Float64Array(count).fill((WEIGHT_SHARE * total) / count) },
    gain: logits(scoreRows(model, anchors)).map((logit, at) => {
      return mean + size * (logit - (at < EVERYDAY_REQUESTS.length ? high : low));
    }),
  };
}
