/** A point of the calibration: a weighted sum of signals, and the score that it means. */
interface Knot {
  readonly sum: number;
  readonly score: number;
}

const KNOTS: readonly Knot[] = [
  { sum: 0, score: 0 },
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
