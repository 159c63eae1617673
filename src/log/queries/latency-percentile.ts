/** Elements of `routing_daily.latency_counts`. */
export const LATENCY_BUCKETS = 80;
/** Buckets in which a latency doubles: one is 19 % wide. */
const BUCKETS_A_DOUBLING = 4;

/**
 * Reads a percentile from counted latencies, true to the width of a bucket: to 19 %.
 *
 * @param counts element i (from 0) counts latencies from 2^(i/4) to 2^((i+1)/4) ms.
 * @param ratio above 0, below 1; 0.95 for one.
 * @returns milliseconds; null where nothing was counted.
 */
export function latencyPercentile(counts: readonly number[], ratio: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && before + count >= ratio * total) {
      const share = (ratio * total - before) / count;
      return 2 ** ((bucket + share) / BUCKETS_A_DOUBLING);
    }
    before += count;
  }
  return 2 ** (counts.length / BUCKETS_A_DOUBLING);
}
