/** How many resamples the interval is made of. */
const RESAMPLES = 1_000;

/** Seed of the resamples, so that a table is the same in each run. */
const SEED = 20_261_120;

/** Chance that a row with the label scores higher than one without; ties count half. 0..1. */
export function auroc(scores: readonly number[], labels: readonly boolean[]): number {
  const order = scores
    .map((score, i) => ({ score, label: labels[i] === true }))
    .sort((a, b) => a.score - b.score);
  const positives = order.filter(({ label }) => label).length;
  const negatives = order.length - positives;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    const to = endOfTie(order, from);
    const meanRank = (from + 1 + to) / 2;
    for (let i = from; i < to; i += 1) if (order[i]?.label) rankSum += meanRank;
    from = to;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function endOfTie(order: readonly { score: number }[], from: number): number {
  let to = from + 1;
  while (order[to]?.score === order[from]?.score && to < order.length) to += 1;
  return to;
}

/** The middle 95 % of the AUROC over resamples of the rows, drawn with replacement. */
export function bootstrapInterval(scores: readonly number[], labels: readonly boolean[]): [number, number] {
  const random = mulberry32(SEED);
  const values = Array.from({ length: RESAMPLES }, () => {
    const rows = scores.map(() => Math.floor(random() * scores.length));
    return auroc(
      rows.map((row) => scores[row] ?? 0),
      rows.map((row) => labels[row] ?? false),
    );
  }).sort((a, b) => a - b);
  return [values[Math.floor(0.025 * RESAMPLES)] ?? 0, values[Math.floor(0.975 * RESAMPLES)] ?? 1];
}

/** Tommy Ettinger's small generator: good enough to resample with, and seeded. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
