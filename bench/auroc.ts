import { drawResamples, toEstimate } from "../src/learn/bootstrap.ts";
import { auroc as measure } from "../src/learn/metrics/auroc.ts";
import { orderByScore } from "../src/learn/order.ts";
import { createRandom } from "../src/learn/random.ts";
import { onceEach } from "../src/learn/sample.ts";

/** How many resamples the interval is made of. */
const RESAMPLES = 1_000;

/** Seed of the resamples, so that a table is the same in each run. */
const SEED = 20_261_120;

/** Chance that a row with the label scores higher than one without; ties count half. 0..1. */
export function auroc(scores: readonly number[], labels: readonly boolean[]): number {
  return measure(orderByScore(scores), Uint8Array.from(labels, Number), onceEach(scores.length));
}

/** The middle 95 % of the AUROC over resamples of the rows, drawn with replacement. */
export function bootstrapInterval(scores: readonly number[], labels: readonly boolean[]): [number, number] {
  const order = orderByScore(scores);
  const flags = Uint8Array.from(labels, Number);
  const draws = drawResamples({ size: scores.length }, RESAMPLES, createRandom(SEED));
  const { low, high } = toEstimate(draws.map((counts) => measure(order, flags, counts)));
  return [low ?? 0, high ?? 1];
}
