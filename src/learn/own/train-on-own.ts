import { createHash } from "node:crypto";
import { FEATURE_NAMES, FEATURE_VERSION } from "../../classify/features/feature-list.ts";
import { ARTIFACT_FORMAT, type Artifact } from "../../classify/ml/artifact.ts";
import { confidenceOf } from "../../classify/ml/ml-classifier.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";
import type { SetReport } from "../report.ts";
import { scoreRows } from "../train/score-rows.ts";
import { pickNumbers } from "../train/training-rows.ts";
import { cascadeConfidence } from "./cascade-confidence.ts";
import { type ChosenRanges, chooseRanges, type RangeGoal } from "./choose-ranges.ts";
import { apgrOf, compareColumns, type Gain, isSure, measureOwn, sampleOf } from "./measure-own.ts";
import {
  crossValidate,
  type OwnRows,
  predictNewest,
  prepareRows,
  toScores,
  trainCandidate,
} from "./train-own.ts";

/** What training on one's own traffic is given. */
export interface TrainOnOwnOptions {
  /** The classifier to start from and to beat, and the digest of its file. */
  readonly prior: Artifact;
  readonly priorDigest: string;
  readonly tiers: number;
  readonly goal: RangeGoal;
  /** Share of the whole weight that a caller may have, and of the requests that decide whether it is better, 0..1. */
  readonly maxShare: number;
  readonly seed: number;
  /** 2026-01-31. */
  readonly date: string;
  readonly onStep: (step: string) => void;
}

/** What came of it. */
export interface TrainResult {
  readonly isBetter: boolean;
  readonly artifact: Artifact;
  /** All columns and controls, on rows that the models did not see. */
  readonly report: SetReport;
  readonly gain: Gain;
  /** The same on the newest part; null where times are not known. */
  readonly onNewest: Gain | null;
  readonly curve: readonly { readonly labels: number; readonly apgr: number | null }[];
  readonly groups: readonly GroupResult[];
  readonly ranges: ChosenRanges;
  readonly capped: OwnRows["capped"];
}

/** A kind of work. */
interface GroupResult {
  readonly group: string;
  readonly rows: number;
  readonly candidate: number | null;
  readonly prior: number | null;
}

/** Resamples of each interval. */
const RESAMPLES = 1_000;

/** Most doubt with which a candidate is taken for better: the 95 % interval of the difference is then above 0. */
const MAX_DOUBT = 0.025;

/** Part of the rows that are the newest. */
const NEWEST_SHARE = 0.2;

/** Rows that are trained on, for the learning curve. */
const CURVE = [100, 300, 1_000, 3_000];

/** A kind of work with fewer rows tells nothing. */
const MIN_GROUP_ROWS = 30;

/** Trains a classifier for one's own traffic on top of another, and says whether it is better. Same rows, options and seed: the same. */
export function trainOnOwn(judged: readonly JudgedRow[], options: TrainOnOwnOptions): TrainResult {
  const { prior, seed, maxShare, onStep } = options;
  const own = prepareRows(judged, options);
  const candidate = trainCandidate(prior, own, options);
  onStep("measuring");
  const columns = columnsOf(own, { prior, leftOut: candidate.leftOut, calibration: candidate.calibration });
  const { rows, candidate: scores, prior: priorScores, keywords } = columns;
  const measure = { resamples: RESAMPLES, seed };
  const report = measureOwn(
    rows,
    [
      { name: "candidate", isChance: true, scores },
      { name: "in use", isChance: true, scores: priorScores },
      { name: "keywords", isChance: false, scores: keywords },
    ],
    measure,
  );
  const gain = compareColumns(rows, [scores, priorScores], { ...measure, maxShare });
  const onNewest = compareNewest(own, { ...options, ...measure });
  const sample = sampleOf(rows);
  const ranges = chooseRanges(sample, scores, { tiers: options.tiers, goal: options.goal });
  const isBetter = gain.doubt < MAX_DOUBT && (onNewest === null || (onNewest.difference.value ?? 1) > 0);
  const confidences = scores.map((score, at) =>
    confidenceOf(score, rows[at]?.row.features.numbers ?? new Float32Array()),
  );
  const confidence = cascadeConfidence(sample, { scores, confidences }, ranges.borders[0] ?? 0);
  const trained = { ...candidate, confidence };
  return {
    isBetter,
    artifact: toArtifact(judged, trained, { ...options, report, ranges }),
    report,
    gain,
    onNewest,
    curve: learningCurve(own, options),
    groups: byGroup(rows, scores, priorScores),
    ranges,
    capped: own.capped,
  };
}

interface ColumnSource {
  readonly prior: Artifact;
  readonly leftOut: Float64Array;
  readonly calibration: Artifact["calibration"];
}

/** Scores of the rows that can be measured with. */
function columnsOf({ judged, rows }: OwnRows, { prior, leftOut, calibration }: ColumnSource) {
  const sure = sureOf(judged);
  const raw = scoreRows(prior.model, rows);
  return {
    rows: sure.flatMap((row) => judged[row] ?? []),
    candidate: toScores(pickNumbers(leftOut, sure), calibration),
    prior: toScores(pickNumbers(raw, sure), prior.calibration),
    keywords: Float64Array.from(sure, (row) => judged[row]?.row.keywordScore ?? 0),
  };
}

function sureOf(judged: readonly JudgedRow[]): number[] {
  return judged.flatMap((row, at) => (isSure(row) ? [at] : []));
}

function compareNewest(
  own: OwnRows,
  {
    prior,
    ...options
  }: Pick<TrainOnOwnOptions, "prior" | "seed" | "maxShare"> & { readonly resamples: number },
): Gain | null {
  const predicted = predictNewest(prior, own, NEWEST_SHARE);
  if (predicted === null) return null;
  const kept = predicted.newest.flatMap((row, at) => {
    const judged = own.judged[row];
    return judged !== undefined && isSure(judged) ? [{ row, judged, score: predicted.scores[at] ?? 0 }] : [];
  });
  const before = scoreRows(prior.model, own.rows);
  const columns = [
    Float64Array.from(kept, ({ score }) => score),
    Float64Array.from(kept, ({ row }) => before[row] ?? 0),
  ] as const;
  const rows = kept.map(({ judged }) => judged);
  const gain = compareColumns(rows, columns, options);
  return gain.rows < MIN_GROUP_ROWS ? null : gain;
}

function learningCurve(own: OwnRows, { prior, seed, onStep }: TrainOnOwnOptions): TrainResult["curve"] {
  const sure = sureOf(own.judged);
  const rows = sure.flatMap((row) => own.judged[row] ?? []);
  return CURVE.filter((labels) => labels < 0.8 * own.judged.length).map((most) => {
    const step = (name: string) => onStep(`learning curve, ${most} labels: ${name}`);
    const scores = crossValidate(prior, own, { seed, most, onStep: step });
    return { labels: most, apgr: apgrOf(rows, pickNumbers(scores, sure)) };
  });
}

function byGroup(rows: readonly JudgedRow[], candidate: Float64Array, prior: Float64Array): GroupResult[] {
  const all = rows.map((_, at) => at);
  const groups = [...Map.groupBy(all, (at) => rows[at]?.row.group ?? "")];
  return groups
    .filter(([, members]) => members.length >= MIN_GROUP_ROWS)
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([group, members]) => {
      const chosen = members.flatMap((at) => rows[at] ?? []);
      const of = (scores: Float64Array) => apgrOf(chosen, pickNumbers(scores, members));
      return { group, rows: members.length, candidate: of(candidate), prior: of(prior) };
    });
}

interface ArtifactSource extends TrainOnOwnOptions {
  readonly report: SetReport;
  readonly ranges: ChosenRanges;
}

interface Trained extends Pick<Artifact, "model" | "calibration"> {
  /** Below it a cascade asks. */
  readonly confidence: number;
}

function toArtifact(judged: readonly JudgedRow[], trained: Trained, source: ArtifactSource): Artifact {
  const { priorDigest, seed, date, report, ranges } = source;
  return {
    format: ARTIFACT_FORMAT,
    feature_version: FEATURE_VERSION,
    features: [...FEATURE_NAMES],
    model: trained.model,
    calibration: trained.calibration,
    meaning: "100 x the chance that the weak model fails, on the traffic that it was trained on",
    training: {
      date,
      data_hash: hashOf(judged),
      seed,
      rows: judged.length,
      sources: [],
      options: {
        cascade_confidence: trained.confidence,
        ranges: ranges.borders.join(", "),
      },
      adapted_from: priorDigest,
    },
    metrics: report.scorers.flatMap(({ name, apgr }) => {
      const { value, low, high } = apgr;
      if (value === null || low === null || high === null) return [];
      return [
        {
          set: "own traffic, cross-validated",
          prompts: report.prompts,
          scorer: name,
          apgr: value,
          low,
          high,
        },
      ];
    }),
  };
}

function hashOf(judged: readonly JudgedRow[]): string {
  const hash = createHash("sha256");
  for (const { row, weak, strong, weight } of judged) {
    hash.update(`${row.digest} ${weak.quality} ${strong.quality} ${weight}\n`);
  }
  return hash.digest("hex");
}
