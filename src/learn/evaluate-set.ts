import { boundResamples, drawResamples, type Estimate, toDifference, toEstimate } from "./bootstrap.ts";
import type { Comparison } from "./comparison.ts";
import { type Figures, measurer } from "./figures.ts";
import { calibrationBins, calibrationError } from "./metrics/calibration-error.ts";
import { weightedMean } from "./metrics/operating-point.ts";
import { reportOperatingPoints } from "./operating-points.ts";
import { orderAtRandom, orderByScore } from "./order.ts";
import { createRandom } from "./random.ts";
import type { CalibrationReport, FixedReport, ReportedTier, ScorerReport, SetReport } from "./report.ts";
import type { Counts, Rung, Sample } from "./sample.ts";
import { type Classifier, LENGTH, type Scorer, scorersOf } from "./scorer.ts";

/** How a comparison is evaluated. */
export interface EvaluationOptions {
  /** In the order of the rows' scores. */
  readonly classifiers: readonly Classifier[];
  /** Cheapest first. */
  readonly tiers: readonly ReportedTier[];
  readonly resamples: number;
  readonly seed: number;
}

/** Measures classifiers and controls on one set of prompts, all on the same resamples. */
export function evaluateSet(comparison: Comparison, options: EvaluationOptions): SetReport {
  const { sample } = comparison;
  const random = createRandom(options.seed);
  const resamples = boundResamples(sample.size, options.resamples);
  const draws = drawResamples(sample, resamples, random);
  const scorers = scorersOf(comparison, options.classifiers);
  const measured = scorers.map((scorer) => ({ scorer, figures: measureAll(scorer, sample, draws) }));
  const length = measured.find(({ scorer }) => scorer.name === LENGTH && scorer.kind === "control");
  return {
    prompts: sample.size,
    groups: sample.groups,
    conversations: countConversations(sample),
    resamples,
    costBasis: sample.costBasis,
    alwaysWeak: reportFixed(sample.weak, draws),
    alwaysStrong: reportFixed(sample.strong, draws),
    scorers: measured.map(({ scorer, figures }) => ({
      name: scorer.name,
      kind: scorer.kind,
      ...estimateAll(figures, length?.figures ?? []),
      operatingPoints: reportOperatingPoints(scorer, { sample, draws, tiers: options.tiers }),
      calibration: reportCalibration(scorer, sample, draws),
    })),
  };
}

function countConversations({ size, conversationOf }: Sample): number {
  return conversationOf === undefined ? size : new Set(conversationOf).size;
}

/** Figures on each draw. A random router is that of all orders on the prompts themselves, another one on each resample. */
function measureAll({ scores }: Scorer, sample: Sample, draws: readonly Counts[]): Figures[] {
  const measure = measurer(sample);
  if (scores !== null) {
    const measureOrder = measure(orderByScore(scores));
    return draws.map((counts) => measureOrder(counts));
  }
  const random = createRandom(sample.size);
  const onAverage = orderByScore(new Uint8Array(sample.size));
  return draws.map((counts, i) => measure(i === 0 ? onAverage : orderAtRandom(sample.size, random))(counts));
}

type Estimates = Omit<ScorerReport, "name" | "kind" | "operatingPoints" | "calibration">;

function estimateAll(figures: readonly Figures[], length: readonly Figures[]): Estimates {
  const estimate = (pick: (figures: Figures) => number): Estimate => toEstimate(figures.map(pick));
  const apgrs = (of: readonly Figures[]) => of.map(({ apgr }) => apgr);
  return {
    apgr: estimate(({ apgr }) => apgr),
    apgrOverLength: toDifference(apgrs(figures), apgrs(length)),
    withinGroupApgr: estimate(({ withinGroupApgr }) => withinGroupApgr),
    cpt50: estimate(({ cpt50 }) => cpt50),
    cpt80: estimate(({ cpt80 }) => cpt80),
    auroc: estimate(({ auroc }) => auroc),
    save90: estimate(({ save90 }) => save90),
    save95: estimate(({ save95 }) => save95),
    save99: estimate(({ save99 }) => save99),
    lift30: estimate(({ lift30 }) => lift30),
    lift50: estimate(({ lift50 }) => lift50),
  };
}

function reportFixed({ quality, cost }: Rung, draws: readonly Counts[]): FixedReport {
  return {
    quality: toEstimate(draws.map((counts) => weightedMean(quality, counts))),
    cost: toEstimate(draws.map((counts) => weightedMean(cost, counts))),
  };
}

function reportCalibration(
  { isChance, scores }: Scorer,
  sample: Sample,
  draws: readonly Counts[],
): CalibrationReport | null {
  const [once] = draws;
  if (!isChance || scores === null || once === undefined) return null;
  const predicted = Float64Array.from(scores, (score) => score / 100);
  const observed = sample.weak.quality.map((quality) => 1 - quality);
  return {
    error: toEstimate(draws.map((counts) => calibrationError({ predicted, observed }, counts))),
    bins: calibrationBins({ predicted, observed }, once),
  };
}
