import { numberAt } from "../number-at.ts";
import type { Sample } from "../sample.ts";

/** What the border between cheap and strong is chosen for. */
export type RangeGoal = { readonly keepQuality: number } | { readonly budgetShare: number };

/** Where the tiers are cut, and what that gives. */
export interface ChosenRanges {
  /** Lowest score of each tier but the first, whole numbers, ascending. */
  readonly borders: readonly number[];
  /** Share of the requests that goes beyond the first tier. */
  readonly strongShare: number;
  /** Part of the strong model's quality that is kept. */
  readonly keptQuality: number;
  /** Part of the cost of always asking the strong model. */
  readonly costShare: number;
}

const MAX_SCORE = 100;

/**
 * Chooses the tiers' ranges for a goal, on scores of models that did not see the rows: the highest border that keeps so
 * much of the strong model's quality, or the lowest one that stays within so much of its cost. What lies above is
 * shared out evenly among the dearer tiers.
 */
export function chooseRanges(
  sample: Sample,
  scores: Float64Array,
  { tiers, goal }: { readonly tiers: number; readonly goal: RangeGoal },
): ChosenRanges {
  const points = pointsOf(sample, scores);
  const fits = points.filter((point) =>
    "keepQuality" in goal ? point.keptQuality >= goal.keepQuality : point.costShare <= goal.budgetShare,
  );
  const [lowest, highest] = [points[0], points.at(-1)];
  // Everything to the strong model keeps all quality; nothing to it costs least.
  const chosen = "keepQuality" in goal ? (fits.at(-1) ?? lowest) : (fits[0] ?? highest);
  if (chosen === undefined) throw new Error("Cannot choose ranges: found no score, expected some");
  return { ...chosen, borders: spread(scores, chosen.border, tiers - 1) };
}

interface Point extends Omit<ChosenRanges, "borders"> {
  readonly border: number;
}

/** One for each whole score that may be a border, from the lowest on. */
function pointsOf(sample: Sample, scores: Float64Array): Point[] {
  const total = totalsOf(sample, () => true);
  return Array.from({ length: MAX_SCORE }, (_, at) => {
    const border = at + 1;
    const { sent, quality, cost } = totalsOf(sample, (row) => numberAt(scores, row) >= border);
    return {
      border,
      strongShare: sent / sample.size,
      keptQuality: total.quality > 0 ? quality / total.quality : 1,
      costShare: total.cost > 0 ? cost / total.cost : 0,
    };
  });
}

function totalsOf({ size, weak, strong }: Sample, isStrong: (row: number) => boolean) {
  const totals = { sent: 0, quality: 0, cost: 0 };
  for (let row = 0; row < size; row += 1) {
    const isSent = isStrong(row);
    const rung = isSent ? strong : weak;
    totals.sent += isSent ? 1 : 0;
    totals.quality += numberAt(rung.quality, row);
    totals.cost += numberAt(rung.cost, row);
  }
  return totals;
}

/** Borders from a lowest one on, with as many scores between two of them as there can be: each above the one before. */
function spread(scores: Float64Array, lowest: number, borders: number): number[] {
  const above = scores.filter((score) => score >= lowest).sort();
  const chosen: number[] = [];
  for (let at = 0; at < borders; at += 1) {
    const quantile = above[Math.floor((at * above.length) / borders)] ?? lowest;
    const wanted = at === 0 ? lowest : Math.ceil(quantile);
    const least = at === 0 ? lowest : (chosen.at(-1) ?? lowest) + 1;
    chosen.push(Math.min(Math.max(wanted, least), MAX_SCORE - (borders - 1 - at)));
  }
  return chosen;
}
