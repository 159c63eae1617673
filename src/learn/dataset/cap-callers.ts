/** What capping did. */
export interface CappedWeights {
  /** One a row, never above what it was. */
  readonly weights: Float64Array;
  /** Share of the whole weight that no caller exceeds. */
  readonly share: number;
  readonly callers: number;
  /** Callers that were held down. */
  readonly capped: number;
}

/** With too few callers for the wanted share, one counts at most so many times an equal share. */
const MOST_EQUAL_SHARES = 2;

/** Halvings of the interval in which the bound is looked for: more than a double has digits. */
const HALVINGS = 60;

/**
 * Holds every caller's weight down to a share of the whole, so that one alone cannot teach the classifier. With fewer
 * callers than the share allows for, a caller counts for at most twice an equal share.
 *
 * @param callers one a row; null is nobody's, and is not held down.
 * @param maxShare 0..1.
 */
export function capCallers(
  weights: Float64Array,
  callers: readonly (string | null)[],
  maxShare: number,
): CappedWeights {
  const totals = new Map<string, number>();
  let free = 0;
  callers.forEach((caller, row) => {
    const weight = weights[row] ?? 0;
    if (caller === null) free += weight;
    else totals.set(caller, (totals.get(caller) ?? 0) + weight);
  });
  const share =
    free === 0 && totals.size * maxShare < 1 ? Math.max(maxShare, equalShare(totals.size)) : maxShare;
  const bound = findBound([...totals.values()], free, share);
  const factorOf = (caller: string | null) => {
    const total = caller === null ? 0 : (totals.get(caller) ?? 0);
    return total > bound ? bound / total : 1;
  };
  return {
    weights: weights.map((weight, row) => weight * factorOf(callers[row] ?? null)),
    share,
    callers: totals.size,
    capped: [...totals.values()].filter((total) => total > bound).length,
  };
}

/** Whole rows are counted, sums of shares of them are a little off. */
const ROUNDING = 1e-9;

/**
 * Rows of which no caller has more than its share, as capCallers() has it: of one that has more, some that are evenly
 * spread.
 */
export function fairRows(
  callers: readonly (string | null)[],
  maxShare: number,
): { readonly fair: readonly number[]; readonly share: number } {
  const { weights, share } = capCallers(new Float64Array(callers.length).fill(1), callers, maxShare);
  const sums = new Map<string | null, number>();
  const fair = callers.flatMap((caller, row) => {
    const before = sums.get(caller) ?? ROUNDING;
    const after = before + (weights[row] ?? 0);
    sums.set(caller, after);
    return Math.floor(after) > Math.floor(before) ? [row] : [];
  });
  return { fair, share };
}

function equalShare(callers: number): number {
  return Math.min(1, MOST_EQUAL_SHARES / Math.max(1, callers));
}

/** The largest bound that is no more than its share of what remains under it: what remains grows slower than it. */
function findBound(totals: readonly number[], free: number, share: number): number {
  const most = Math.max(0, ...totals);
  const isKept = (bound: number) =>
    bound <= share * totals.reduce((sum, total) => sum + Math.min(total, bound), free);
  if (isKept(most)) return most;
  let [low, high] = [0, most];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (isKept(middle)) low = middle;
    else high = middle;
  }
  return low;
}
