/** A point of the calibration: a weighted sum of signals, and the score that it means. */
interface Knot {
  readonly sum: number;
  readonly score: number;
}

/**
 * Where the default weights put the borders between kinds of work. A lone prompt has no system text, code, tools or
 * history, so its sum stays far below 100; the knots spread it over the whole range. The two inner ones are the sums
 * that best part simple from other prompts, and both from complex and reasoning ones, on the 1,904 prompts of the
 * train split of CommonstackAI/UncommonRoute's tier labels (MIT); the fourth is the sum that few prompts exceed.
 */
const KNOTS: readonly Knot[] = [
  { sum: 0, score: 0 },
  { sum: 17, score: 31 },
  { sum: 28, score: 66 },
  { sum: 50, score: 95 },
  { sum: 100, score: 100 },
];

/** The score that a weighted sum of signals means. Both 0..100; monotone, straight between the knots. */
export function calibrate(sum: number): number {
  let below: Knot = { sum: 0, score: 0 };
  for (const knot of KNOTS) {
    if (sum <= knot.sum) return between(below, knot, sum);
    below = knot;
  }
  return below.score;
}

function between(low: Knot, high: Knot, sum: number): number {
  const width = high.sum - low.sum;
  return width <= 0 ? high.score : low.score + ((sum - low.sum) / width) * (high.score - low.score);
}
