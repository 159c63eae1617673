import type { Estimate } from "./bootstrap.ts";
import type { CalibrationBin } from "./metrics/calibration-error.ts";
import type { CostBasis } from "./sample.ts";

/** What `signalbox evaluate --json` prints. All qualities and shares 0..1; an estimate is `{value, low, high}`. */
export interface Report {
  readonly version: 1;
  /** Resamples that were wanted of each interval. */
  readonly resamples: number;
  readonly seed: number;
  /** Prompts that were read. */
  readonly prompts: number;
  readonly tiers: readonly ReportedTier[];
  readonly comparisons: readonly ComparisonReport[];
}

export interface ReportedTier {
  readonly name: string;
  /** Lowest score of the tier. */
  readonly low: number;
}

/** A weak model or group against a strong one. */
export interface ComparisonReport {
  readonly name: string;
  readonly lineups: readonly ReportedLineup[];
  /** All suites together, every prompt alike. */
  readonly pooled: SetReport;
  readonly suites: readonly (SetReport & { readonly suite: string })[];
  /** Suites without a prompt on which all compared models have an outcome. */
  readonly leftOut: readonly string[];
}

/** Who competes on which suites. */
export interface ReportedLineup {
  readonly suites: readonly string[];
  /** Models of each rung, cheapest first. */
  readonly rungs: readonly (readonly string[])[];
}

export interface SetReport {
  readonly prompts: number;
  readonly groups: number;
  /** Conversations that the prompts are of, which resamples draw as a whole; as many as prompts where each stands alone. */
  readonly conversations: number;
  /** Of each interval: fewer than wanted where the prompts are very many. */
  readonly resamples: number;
  readonly costBasis: CostBasis;
  readonly alwaysWeak: FixedReport;
  readonly alwaysStrong: FixedReport;
  /** The classifiers, then the controls random, length alone, group mean and oracle. */
  readonly scorers: readonly ScorerReport[];
}

export interface FixedReport {
  readonly quality: Estimate;
  readonly cost: Estimate;
}

export interface ScorerReport {
  readonly name: string;
  readonly kind: "classifier" | "control";
  readonly apgr: Estimate;
  /** APGR minus that of length alone, on the same resamples. */
  readonly apgrOverLength: Estimate;
  readonly withinGroupApgr: Estimate;
  /** Shares of calls to the strong model. */
  readonly cpt50: Estimate;
  readonly cpt80: Estimate;
  readonly auroc: Estimate;
  /** Parts of the cost of always asking the strong model. */
  readonly save90: Estimate;
  readonly save95: Estimate;
  readonly save99: Estimate;
  /** Quality over a random router that sends 30 % (50 %) to the strong model. */
  readonly lift30: Estimate;
  readonly lift50: Estimate;
  /** None for controls. */
  readonly operatingPoints: readonly OperatingPointReport[];
  /** null where the score claims no probability. */
  readonly calibration: CalibrationReport | null;
}

export interface OperatingPointReport {
  /** Which tiers go to which rung: "simple | medium, complex". */
  readonly name: string;
  /** Share of the prompts that each rung gets, cheapest first. */
  readonly shares: readonly number[];
  readonly quality: Estimate;
  readonly cost: Estimate;
  readonly underRouting: Estimate;
  readonly overRouting: Estimate;
  /** Quality over a random router of the same cost. */
  readonly lift: Estimate;
}

export interface CalibrationReport {
  /** Expected calibration error of "the weak model fails". */
  readonly error: Estimate;
  readonly bins: readonly CalibrationBin[];
}
