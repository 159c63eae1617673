import { countAt, numberAt } from "../number-at.ts";
import type { Counts } from "../sample.ts";

/** Prompts whose predicted chance lies in [from, to), the last bin with its upper end. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly prompts: number;
  /** Mean predicted chance, 0..1. */
  readonly predicted: number;
  /** Mean of what came true, 0..1. */
  readonly observed: number;
}

/** Equal widths, as in Guo et al. */
const BINS = 10;

/** What was predicted of each prompt, and what came true; both 0..1. */
export interface Predictions {
  readonly predicted: Float64Array;
  readonly observed: Float64Array;
}

/**
 * Expected calibration error: sum over bins of n / N |mean predicted - mean observed| (Naeini et al., 2015; Guo et
 * al., 2017, https://arxiv.org/abs/1706.04599).
 *
 * @returns 0 (the chances mean what they say) .. 1.
 */
export function calibrationError(predictions: Predictions, counts: Counts): number {
  const bins = calibrationBins(predictions, counts);
  const total = bins.reduce((sum, { prompts }) => sum + prompts, 0);
  return bins.reduce(
    (sum, { prompts, predicted, observed }) => sum + (prompts / total) * Math.abs(predicted - observed),
    0,
  );
}

/** The bins of a reliability diagram that have prompts. */
export function calibrationBins({ predicted, observed }: Predictions, counts: Counts): CalibrationBin[] {
  const prompts = new Float64Array(BINS);
  const sums = { predicted: new Float64Array(BINS), observed: new Float64Array(BINS) };
  for (let row = 0; row < counts.length; row += 1) {
    const chance = numberAt(predicted, row);
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(chance * BINS)));
    const count = countAt(counts, row);
    prompts[bin] = numberAt(prompts, bin) + count;
    sums.predicted[bin] = numberAt(sums.predicted, bin) + count * chance;
    sums.observed[bin] = numberAt(sums.observed, bin) + count * numberAt(observed, row);
  }
  return Array.from(prompts, (size, bin) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    prompts: size,
    predicted: numberAt(sums.predicted, bin) / size,
    observed: numberAt(sums.observed, bin) / size,
  })).filter(({ prompts: size }) => size > 0);
}
