import { type Artifact, claimsChance } from "../../classify/ml/artifact.ts";
import { confidenceOf } from "../../classify/ml/ml-classifier.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";
import type { SetReport } from "../report.ts";
import type { CostBasis } from "../sample.ts";
import { scoreRows } from "../train/score-rows.ts";
import { pickNumbers } from "../train/training-rows.ts";
import { cascadeConfidence } from "./cascade-confidence.ts";
import { type ChosenRanges, chooseRanges, type RangeGoal } from "./choose-ranges.ts";
import { apgrOf, compareColumns, type Gain, isGain, isSure, measureOwn, sampleOf } from "./measure-own.ts";
import { toArtifact } from "./own-artifact.ts";
import {
  crossValidate,
  type OwnRows,
  predictNewest,
  prepareRows,
  toScores,
  trainCandidate,
} from "./train-own.ts";
import { unseenBy } from "./unseen-rows.ts";

/** What training on one's own traffic is given. */
export interface TrainOnOwnOptions {
  /** The classifier to start from, and the digest of its file: one that never saw these rows. */
  readonly prior: Artifact;
  readonly priorDigest: string;
  /** The classifier to beat: the same one, or one of one's own, which is compared on rows that it did not see. */
  readonly inUse: Artifact;
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
  /** What costs are counted in where the ranges were chosen. */
  readonly costBasis: CostBasis;
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

/** Part of the rows that are the newest. */
const NEWEST_SHARE = 0.2;

/** Sure labels that are trained on, for the learning curve. */
const CURVE = [100, 300, 1_000, 3_000];

/** A kind of work with fewer rows tells nothing. */
const MIN_GROUP_ROWS = 30;

/** Trains a classifier for one's own traffic on top of another, and says whether it is better. Same rows, options and seed: the same. */
export function trainOnOwn(judged: readonly JudgedRow[], options: TrainOnOwnOptions): TrainResult {
  const { prior, inUse, seed, maxShare, onStep } = options;
  const own = prepareRows(judged, options);
  const candidate = trainCandidate(prior, own, options);
  onStep("measuring");
  const { rows, scores, compared } = columnsOf(own, { inUse, ...candidate });
  const measure = { resamples: RESAMPLES, seed };
  const report = measureOwn(
    compared.rows,
    [
      { name: "candidate", isChance: candidate.isChance, scores: compared.candidate },
      { name: "in use", isChance: claimsChance(inUse), scores: compared.inUse },
      { name: "keywords", isChance: false, scores: compared.keywords },
    ],
    measure,
  );
  const gain = compareColumns(compared.rows, [compared.candidate, compared.inUse], { ...measure, maxShare });
  const onNewest = compareNewest(own, { ...options, ...measure });
  const sample = sampleOf(rows);
  const ranges = chooseRanges(sample, scores, { tiers: options.tiers, goal: options.goal });
  const isBetter = isGain(gain, onNewest);
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
    groups: byGroup(compared),
    ranges,
    costBasis: sample.costBasis,
    capped: own.capped,
  };
}

interface ColumnSource {
  readonly inUse: Artifact;
  readonly leftOut: Float64Array;
  readonly calibration: Artifact["calibration"];
}

/** Scores of rows that neither classifier was trained on. */
interface Compared {
  readonly rows: readonly JudgedRow[];
  readonly candidate: Float64Array;
  readonly inUse: Float64Array;
  readonly keywords: Float64Array;
}

/** The candidate's scores of all rows that can be measured with, and all columns of those that can be compared on. */
function columnsOf({ judged, rows }: OwnRows, { inUse, leftOut, calibration }: ColumnSource) {
  const sure = sureOf(judged);
  const isUnseen = unseenBy(inUse);
  const apart = sure.filter((row) => rowsAt(judged, [row]).some(isUnseen));
  const raw = scoreRows(inUse.model, rows);
  const compared: Compared = {
    rows: rowsAt(judged, apart),
    candidate: toScores(pickNumbers(leftOut, apart), calibration),
    inUse: toScores(pickNumbers(raw, apart), inUse.calibration),
    keywords: Float64Array.from(apart, (row) => judged[row]?.row.keywordScore ?? 0),
  };
  return { rows: rowsAt(judged, sure), scores: toScores(pickNumbers(leftOut, sure), calibration), compared };
}

function rowsAt(judged: readonly JudgedRow[], places: readonly number[]): JudgedRow[] {
  return places.flatMap((place) => judged[place] ?? []);
}

function sureOf(judged: readonly JudgedRow[]): number[] {
  return judged.flatMap((row, at) => (isSure(row) ? [at] : []));
}

function compareNewest(
  own: OwnRows,
  {
    prior,
    inUse,
    ...options
  }: Pick<TrainOnOwnOptions, "prior" | "inUse" | "seed" | "maxShare"> & { readonly resamples: number },
): Gain | null {
  const predicted = predictNewest(prior, own, NEWEST_SHARE);
  if (predicted === null) return null;
  const isUnseen = unseenBy(inUse);
  const kept = predicted.newest.flatMap((row, at) => {
    const judged = own.judged[row];
    return judged !== undefined && isSure(judged) && isUnseen(judged)
      ? [{ row, judged, score: predicted.scores[at] ?? 0 }]
      : [];
  });
  const before = scoreRows(inUse.model, own.rows);
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
  return CURVE.filter((labels) => labels < 0.8 * sure.length).map((most) => {
    const step = (name: string) => onStep(`learning curve, ${most} labels: ${name}`);
    const scores = crossValidate(prior, own, { seed, most, onStep: step });
    return { labels: most, apgr: apgrOf(rows, pickNumbers(scores, sure)) };
  });
}

function byGroup({ rows, candidate, inUse }: Compared): GroupResult[] {
  const all = rows.map((_, at) => at);
  const groups = [...Map.groupBy(all, (at) => rows[at]?.row.group ?? "")];
  return groups
    .filter(([, members]) => members.length >= MIN_GROUP_ROWS)
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([group, members]) => {
      const chosen = members.flatMap((at) => rows[at] ?? []);
      const of = (scores: Float64Array) => apgrOf(chosen, pickNumbers(scores, members));
      return { group, rows: members.length, candidate: of(candidate), prior: of(inUse) };
    });
}
