import { boundResamples, drawResamples, type Estimate, toDifference, toEstimate } from "../bootstrap.ts";
import { fairRows } from "../dataset/cap-callers.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";
import { evaluateSet } from "../evaluate-set.ts";
import { apgr } from "../metrics/apgr.ts";
import { qualityCurve } from "../metrics/quality-curve.ts";
import { numberKeys } from "../number-keys.ts";
import { orderByScore } from "../order.ts";
import { createRandom } from "../random.ts";
import type { SetReport } from "../report.ts";
import { onceEach, type Rung, type Sample } from "../sample.ts";
import { pickNumbers } from "../train/training-rows.ts";

/** Scores of the same rows by different classifiers. */
export interface OwnColumn {
  readonly name: string;
  /** The score claims 100 × the chance that the weak model fails. */
  readonly isChance: boolean;
  readonly scores: Float64Array;
}

/** How a measurement is repeated. */
export interface MeasureOptions {
  readonly resamples: number;
  readonly seed: number;
}

/** Whether one score routes better than another. */
export interface Gain {
  /** Rows that were compared on, and the share of them that no caller exceeds. */
  readonly rows: number;
  readonly share: number;
  /** Conversations that these are of. */
  readonly conversations: number;
  /** APGR of the one minus that of the other. */
  readonly difference: Estimate;
  /** Share of the resamples in which it is not better; 1 where there are too few conversations to draw from. */
  readonly doubt: number;
}

/** Fewer conversations, drawn anew, hardly differ: one alone would make anything certain. */
export const MIN_CONVERSATIONS = 30;

/** A difference of two sums of the same figures in another order: nothing. */
const ROUNDING = 1e-9;

/**
 * Share of the resamples in which a candidate that is taken for better may be none: the 95 % interval of the difference
 * is then above 0. The models of a cross-validation share most of their rows, and which way an effect goes they learn
 * from all of them: an effect of chance is one to them, whichever way it goes, and passes about twice as often as the
 * resamples tell (Nadeau and Bengio, Inference for the Generalization Error, 2003): of labels by lot 6 of 120 did
 * (scripts/train-by-lot.ts). A stricter bound costs more real gains than it keeps noise out: docs/training.md.
 */
export const MAX_DOUBT = 0.025;

/** Whether a candidate is taken for better, by all rows and by the newest ones, where these are known. */
export function isGain({ doubt }: Gain, onNewest: Gain | null): boolean {
  return doubt < MAX_DOUBT && (onNewest === null || (onNewest.difference.value ?? 1) > 0);
}

/** Judgements that are good enough to measure with: not those that are guessed from what came after. */
export function isSure({ kind }: JudgedRow): boolean {
  return kind !== "signal" && kind !== "silence";
}

/** Measures columns beside the controls. */
export function measureOwn(
  rows: readonly JudgedRow[],
  columns: readonly OwnColumn[],
  options: MeasureOptions,
): SetReport {
  const scored = rows.map(({ row }, at) => ({
    suite: row.suite,
    group: row.group,
    length: row.length,
    models: row.outcomes,
    scores: columns.map(({ scores }) => scores[at] ?? 0),
  }));
  return evaluateSet(
    { rows: scored, sample: sampleOf(rows) },
    { classifiers: columns, tiers: [], ...options },
  );
}

/**
 * Compares two columns on the same resamples of rows of which no caller has more than its share: one alone decides
 * nothing.
 *
 * @param options.maxShare 0..1.
 */
export function compareColumns(
  all: readonly JudgedRow[],
  columns: readonly [Float64Array, Float64Array],
  { resamples, seed, maxShare }: MeasureOptions & { readonly maxShare: number },
): Gain {
  const { fair, share } = fairRows(
    all.map(({ row }) => row.caller),
    maxShare,
  );
  const rows = fair.flatMap((at) => all[at] ?? []);
  const sample = sampleOf(rows);
  const draws = drawResamples(sample, boundResamples(rows.length, resamples), createRandom(seed));
  const measure = (scores: Float64Array) => {
    const order = orderByScore(scores);
    return draws.map((counts) => apgr(qualityCurve(sample, order, counts)));
  };
  const [one, other] = columns;
  const [ones, others] = [measure(pickNumbers(one, fair)), measure(pickNumbers(other, fair))];
  const differences = ones.map((value, at) => value - (others[at] ?? Number.NaN)).slice(1);
  const notBetter = differences.filter((difference) => !(difference > ROUNDING)).length;
  const conversations = new Set(rows.map(({ row }) => row.conversation)).size;
  const isTold = conversations >= MIN_CONVERSATIONS && differences.length > 0;
  return {
    ...{ rows: rows.length, share, conversations },
    difference: toDifference(ones, others),
    doubt: isTold ? notBetter / differences.length : 1,
  };
}

/** APGR of one column on rows, as it is. */
export function apgrOf(rows: readonly JudgedRow[], scores: Float64Array): number | null {
  const counts = onceEach(rows.length);
  return toEstimate([apgr(qualityCurve(sampleOf(rows), orderByScore(scores), counts))]).value;
}

/** Known costs of a model from which on its mean stands for those that are not known. */
const MIN_KNOWN_COSTS = 30;

/**
 * What the weak and the strong model are worth on rows. A log knows what the model cost that served: of the other one the
 * mean of its known costs counts. Calls are counted where too few costs of either are known.
 */
export function sampleOf(rows: readonly JudgedRow[]): Sample {
  const means = { weak: meanCost(rows, "weak"), strong: meanCost(rows, "strong") };
  const isPriced = means.weak !== null && means.strong !== null;
  const rung = (side: "weak" | "strong", calls: number): Rung => ({
    quality: Float64Array.from(rows, (row) => row[side].quality),
    cost: Float64Array.from(rows, (row) => (isPriced ? (row[side].costUsd ?? means[side] ?? 0) : calls)),
  });
  const [weak, strong] = [rung("weak", 0), rung("strong", 1)];
  const groups = numberKeys(rows.map(({ row }) => JSON.stringify([row.suite, row.group])));
  return {
    size: rows.length,
    ...{ weak, strong, rungs: [weak, strong], costBasis: isPriced ? "usd" : "calls" },
    groupOf: groups.numbers,
    groups: groups.count,
    conversationOf: numberKeys(rows.map(({ row }) => row.conversation)).numbers,
  };
}

/** null where too few costs are known to stand for the others. */
function meanCost(rows: readonly JudgedRow[], side: "weak" | "strong"): number | null {
  const known = rows.flatMap((row) => row[side].costUsd ?? []);
  if (known.length < Math.min(MIN_KNOWN_COSTS, rows.length)) return null;
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0) / known.length;
}
