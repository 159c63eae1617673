import type { Artifact } from "../../classify/ml/artifact.ts";
import { type CappedWeights, capCallers } from "../dataset/cap-callers.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";
import { createRandom } from "../random.ts";
import { adaptModel } from "../train/adapt-model.ts";
import { type Calibration, type Curve, fitCurve } from "../train/calibrate.ts";
import { foldsAtRandom, predictLeftOut } from "../train/leave-out.ts";
import { scoreRows } from "../train/score-rows.ts";
import { pickNumbers, pickRows, type TrainingRows } from "../train/training-rows.ts";
import { type Anchors, anchorLesson, readAnchors } from "./anchors.ts";
import { thinLabels } from "./thin-labels.ts";

/** How one trains on one's own traffic. */
export interface OwnOptions {
  readonly seed: number;
  /** Share of the whole weight that a caller may have, 0..1. */
  readonly maxShare: number;
  /** Called before each step. */
  readonly onStep: (step: string) => void;
}

/** Rows as the trainer reads them, and what was held down. */
export interface OwnRows {
  readonly judged: readonly JudgedRow[];
  readonly rows: TrainingRows;
  /** What the strong model is worth more than the weak one, one a row, -1..1. */
  readonly gain: Float64Array;
  /** How often the weak model failed on each, 0..1. */
  readonly fail: Float64Array;
  readonly anchors: Anchors;
  readonly capped: CappedWeights;
}

/** A classifier of one's own traffic before it is known whether it is better. */
export interface Candidate extends Curve {
  readonly model: Artifact["model"];
  /** Raw scores, each by a model that was trained without the row's conversation. */
  readonly leftOut: Float64Array;
}

/** Parts of a cross-validation: each is measured by what was trained on the others. */
const FOLDS = 5;

/** Brings judged rows into the trainer's form; no caller weighs more than its share. */
export function prepareRows(
  judged: readonly JudgedRow[],
  { maxShare }: Pick<OwnOptions, "maxShare">,
): OwnRows {
  const weights = Float64Array.from(judged, ({ weight }) => weight);
  const capped = capCallers(
    weights,
    judged.map(({ row }) => row.caller),
    maxShare,
  );
  const rows = {
    numbers: judged.map(({ row }) => row.features.numbers),
    words: judged.map(({ row }) => row.features.words),
    parts: judged.map(({ row }) => row.parts),
    weights: capped.weights,
  };
  const gain = Float64Array.from(judged, ({ weak, strong }) => strong.quality - weak.quality);
  const fail = Float64Array.from(judged, ({ weak }) => 1 - weak.quality);
  return { judged, rows, gain, fail, anchors: readAnchors(), capped };
}

/** Trains on some of the rows, and on the anchors. */
function learn(
  { model, calibration }: Artifact,
  { rows, gain, fail, anchors }: OwnRows,
  chosen: readonly number[],
): Artifact["model"] {
  const own = { rows: pickRows(rows, chosen), gain: pickNumbers(gain, chosen) };
  const taught = anchorLesson({ model, calibration }, anchors, { ...own, fail: pickNumbers(fail, chosen) });
  return adaptModel(model, own.rows, { gain: own.gain, anchors: taught });
}

/** Trains on all rows, and cross-validates; a conversation is never on both sides. */
export function trainCandidate(prior: Artifact, own: OwnRows, { seed, onStep }: OwnOptions): Candidate {
  const leftOut = crossValidate(prior, own, { seed, onStep });
  onStep("training on all rows");
  return {
    model: learn(prior, own, [...own.judged.keys()]),
    ...calibrate(leftOut, own),
    leftOut,
  };
}

interface ValidationOptions extends Pick<OwnOptions, "seed" | "onStep"> {
  /** Most rows with sure labels that are trained on, with as large a part of the others; all where it is left out. */
  readonly most?: number;
}

/** Raw scores of rows, each by a model that was trained without its conversation. */
export function crossValidate(prior: Artifact, own: OwnRows, options: ValidationOptions): Float64Array {
  const { rows, judged } = own;
  const { seed, onStep, most = judged.length } = options;
  const conversations = judged.map(({ row }) => row.conversation);
  const folds = foldsAtRandom(conversations, FOLDS, createRandom(seed));
  let fold = 0;
  return predictLeftOut(judged.length, folds, (training, held) => {
    fold += 1;
    onStep(`cross-validation, ${fold} of ${folds.length}`);
    const chosen = thinLabels(training, { judged, most });
    const model = learn(prior, own, chosen);
    return scoreRows(model, pickRows(rows, held));
  });
}

/** Raw scores of the newest rows by a model that was trained on the others; null where times are not known. */
export function predictNewest(
  prior: Artifact,
  own: OwnRows,
  share: number,
): { readonly newest: readonly number[]; readonly scores: Float64Array } | null {
  const { judged, rows } = own;
  const border = timeBorder(judged, share);
  if (border === null) return null;
  const all = judged.map((_, row) => row);
  const isNew = (row: number) => (judged[row]?.row.atMs ?? 0) >= border;
  const newest = all.filter(isNew);
  // A conversation that goes on into the newest part is left out of training.
  const conversations = new Set(newest.map((row) => judged[row]?.row.conversation));
  const older = all.filter((row) => !isNew(row) && !conversations.has(judged[row]?.row.conversation));
  if (newest.length === 0 || older.length === 0) return null;
  const model = learn(prior, own, older);
  return { newest, scores: scoreRows(model, pickRows(rows, newest)) };
}

function timeBorder(judged: readonly JudgedRow[], share: number): number | null {
  const times = judged.flatMap(({ row }) => row.atMs ?? []).sort((a, b) => a - b);
  return times.length < judged.length ? null : (times[Math.floor(times.length * (1 - share))] ?? null);
}

/** What makes the chance that the weak model fails of raw scores, of rows by models that did not see them. */
function calibrate(leftOut: Float64Array, { fail, rows }: OwnRows): Curve {
  return fitCurve(leftOut, { observed: fail, weights: rows.weights });
}

/** 0..100 as they are served, with two decimals: what becomes alike there must count as alike here. */
export function toScores(raw: Float64Array, { slope, intercept }: Calibration): Float64Array {
  return raw.map((value) => Math.round(10_000 / (1 + Math.exp(-(slope * value + intercept)))) / 100);
}
