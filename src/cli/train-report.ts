import { FEATURE_VERSION } from "../classify/features/feature-list.ts";
import type { Artifact } from "../classify/ml/artifact.ts";
import type { Estimate } from "../learn/bootstrap.ts";
import type { JudgedRow } from "../learn/dataset/judge-rows.ts";
import type { TrainingRow } from "../learn/dataset/training-row.ts";
import type { Lineup } from "../learn/lineup.ts";
import type { Gain } from "../learn/own/measure-own.ts";
import type { TrainResult } from "../learn/own/train-on-own.ts";
import type { ScorerReport } from "../learn/report.ts";
import { alignColumns } from "./align-columns.ts";
import type { TrainInput } from "./train-input.ts";

interface Described extends TrainInput {
  readonly judged: readonly JudgedRow[];
  readonly lineup: Lineup;
  readonly most: number;
}

/** What there is to learn from, and who the two models are. */
export function describeInput({ judged, lineup, most, ...input }: Described): string {
  const { read, silent, featureless, unknownTiers, isCut } = input;
  const kinds = [...Map.groupBy(judged, ({ kind }) => kind)].map(
    ([kind, { length }]) => `${count(length)} ${kind}`,
  );
  const lines = [
    `${count(read)} rows read, ${count(judged.length)} texts with labels: ${kinds.join(", ") || "none"}`,
    ...(silent > 0
      ? [
          `${count(silent)} rows of turns that ask for nothing of their own ("go on") are left out: what is scored then is ` +
            "the turn before",
        ]
      : []),
    ...(featureless > 0
      ? [
          `${count(featureless)} rows are left out that have neither a text nor features of version ${FEATURE_VERSION}, which this ` +
            "program reads: those of another version tell it nothing",
        ]
      : []),
    ...describeUnknownTiers(unknownTiers),
    ...(isCut
      ? [`only the newest ${count(most)} texts are learned from; of a file those that stand last`]
      : []),
    ...describeModels(judged, input.rows, lineup),
  ];
  return `${lines.join("\n")}\n`;
}

function describeUnknownTiers(tiers: TrainInput["unknownTiers"]): string[] {
  if (tiers.size === 0) return [];
  return [`gateway.yaml has no tier ${nameCounts(tiers, "rows")}: what was said by it is left out`];
}

/** Names of a list that are printed. */
const MOST_NAMED = 5;

/** What most are of first: `large (12 texts), small (3)`. */
function nameCounts(counts: ReadonlyMap<string, number>, what: string): string {
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  const named = sorted
    .slice(0, MOST_NAMED)
    .map(([name, of], at) => `${name} (${count(of)}${at === 0 ? ` ${what}` : ""})`);
  const more = sorted.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function describeModels(
  judged: readonly JudgedRow[],
  rows: readonly TrainingRow[],
  lineup: Lineup,
): string[] {
  const byModels = judged.filter(({ kind }) => kind === "both models" || kind === "weak model");
  const labelled = rows.filter(({ outcomes }) => outcomes.size > 0);
  const [first] = byModels;
  if (first === undefined) return describeLeftOut(labelled.length);
  const rungs = lineup.rungsOf(first.row.suite);
  const names =
    rungs?.map((group) => group.join(", ")).join("  <  ") ?? [...first.row.outcomes.keys()].join(", ");
  return [
    `models: ${names}`,
    ...describeOthers(labelled, lineup),
    ...(byModels.every(({ kind }) => kind === "weak model") ? [describeOneSided(labelled)] : []),
    ...describeLeftOut(labelled.length - byModels.length),
  ];
}

/** Models whose labels count for nothing, since they are of neither group: one that was renamed, for instance. */
function describeOthers(labelled: readonly TrainingRow[], lineup: Lineup): string[] {
  const others = new Map<string, number>();
  for (const { suite, outcomes } of labelled) {
    const rungs = lineup.rungsOf(suite) ?? [[...outcomes.keys()]];
    const used = new Set([rungs[0], rungs.at(-1)].flat());
    for (const model of outcomes.keys())
      if (!used.has(model)) others.set(model, (others.get(model) ?? 0) + 1);
  }
  if (others.size === 0) return [];
  return [
    `labels of models that are neither are left out: ${nameCounts(others, "texts")}. Where a model was renamed, label by its ` +
      "new name",
  ];
}

function describeOneSided(labelled: readonly TrainingRow[]): string {
  const models = new Set(labelled.flatMap(({ outcomes }) => [...outcomes.keys()]));
  const found =
    models.size === 1
      ? "all labels are of one model: it is taken for the weak one, and the strong one for always right"
      : "no request has labels of a weak and of a strong model: the strong one is taken for always right";
  return (
    `${found}. Labels of a strong model too, on a sample, teach more (measured: APGR .65 instead of .61 at 1,000 ` +
    "labels)"
  );
}

function describeLeftOut(texts: number): string[] {
  if (texts === 0) return [];
  return [
    `${count(texts)} texts have labels, but none of a weak model: what others reached on them is left out`,
  ];
}

/** What to do where there are too few labels. */
export function describeMissing(found: number, needed: number): string {
  return (
    `Cannot train: found ${count(found)} labelled requests, expected at least ${count(needed)}: ${count(needed - found)} ` +
    "are missing. Label what a cheap and a strong model reach on logged requests (`signalbox label`), or collect feedback; " +
    "nothing was written"
  );
}

/** Why a classifier of one's own cannot be compared with, and what to do. */
export function describeUnseen(artifact: Artifact, found: number, needed: number): string {
  return (
    `Cannot tell what is better: the classifier in use was trained on requests ${untilOf(artifact)}; of the labelled ones ` +
    `found ${count(found)} later ones, expected at least ${count(needed)}. Label later ones, or compare with the one that ships: ` +
    "--base artifacts/complexity.json; nothing was written"
  );
}

/** What a classifier of one's own is compared on. */
export function describeSeen(artifact: Artifact, unseen: number): string {
  return (
    `the classifier in use was trained on requests ${untilOf(artifact)}: the one that ships is started from, and both are ` +
    `compared on the ${count(unseen)} labelled requests since\n`
  );
}

function untilOf({ training }: Artifact): string {
  return training.trained_until == null ? "of unknown times" : `up to ${training.trained_until}`;
}

type Measured = Pick<TrainResult, "report" | "gain" | "onNewest" | "curve" | "groups" | "capped">;

/** Everything that was measured. */
export function describeResult(result: Measured): string {
  const { report, capped, curve, groups } = result;
  const scorers = report.scorers.filter(({ name }) => name !== "oracle");
  const row = (name: string, pick: (scorer: ScorerReport) => Estimate | undefined) => [
    name,
    ...scorers.map((scorer) => interval(pick(scorer))),
  ];
  const table = [
    ["", ...scorers.map(({ name }) => name)],
    row("APGR", ({ apgr }) => apgr),
    row("AUROC (needs strong)", ({ auroc }) => auroc),
    row("calibration error", ({ calibration }) => calibration?.error),
    row("saved at 95 % quality", ({ save95 }) => save95),
    row("saved at 99 % quality", ({ save99 }) => save99),
    row("lift at 30 % strong", ({ lift30 }) => lift30),
    row("lift at 50 % strong", ({ lift50 }) => lift50),
  ];
  const sections = [
    ...(capped.capped > 0
      ? [
          `${capped.capped} of ${capped.callers} keys were held down to ${percent(capped.share)} of the weight`,
        ]
      : []),
    `${count(report.prompts)} labelled requests, each scored by a model that did not see its conversation:`,
    alignColumns(table),
    ...(curve.length === 0 ? [] : [describeCurve(curve)]),
    ...(groups.length === 0 ? [] : [describeGroups(groups)]),
    `candidate over the one in use${describeFair(result)}: ${describeGain(result.gain)}`,
    ...describeFew(result),
    ...describeNoGap(result),
    ...(result.onNewest === null
      ? []
      : [
          `on the newest ${count(result.onNewest.rows)}, trained on what came before: ${describeGain(result.onNewest)}`,
        ]),
  ];
  return `\n${sections.join("\n\n")}\n\n`;
}

function describeCurve(curve: TrainResult["curve"]): string {
  return alignColumns([
    ["labels", ...curve.map(({ labels }) => count(labels))],
    ["APGR", ...curve.map(({ apgr }) => figure(apgr))],
  ]);
}

function describeGroups(groups: TrainResult["groups"]): string {
  return alignColumns([
    ["APGR by kind of work", "requests", "candidate", "in use"],
    ...groups.map(({ group, rows, candidate, prior }) => [
      group,
      count(rows),
      figure(candidate),
      figure(prior),
    ]),
  ]);
}

function describeFair({ report, gain }: Measured): string {
  if (gain.rows === report.prompts) return "";
  return `, on ${count(gain.rows)} requests of which no key has more than ${percent(gain.share)}`;
}

/** Fewer requests that decide can hardly show a gain. */
const FEW_TO_DECIDE = 100;

function describeFew({ report, gain }: Measured): string[] {
  if (gain.rows === report.prompts || gain.rows >= FEW_TO_DECIDE) return [];
  return [
    `${count(gain.rows)} requests are too few to tell: nearly all are of a few keys. If those may decide, give them a larger share, ` +
      "--max-share-per-key 1 for any",
  ];
}

function describeNoGap({ report: { alwaysWeak, alwaysStrong } }: Measured): string[] {
  const [weak, strong] = [alwaysWeak.quality.value ?? 0, alwaysStrong.quality.value ?? 0];
  if (strong > weak) return [];
  return [
    `the strong model is not better than the weak one on these requests (mean ${figure(strong)} against ${figure(weak)}): ` +
      "there is nothing to gain by choosing between them",
  ];
}

function describeGain({ difference, doubt }: Gain): string {
  return `APGR ${interval(difference)}; not better in ${percent(doubt)} of the resamples`;
}

function interval(estimate: Estimate | undefined): string {
  if (estimate === undefined || estimate.value === null) return "-";
  const { value, low, high } = estimate;
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toFixed(3).replace(/^(-?)0\./, "$1.");
}

/** A share of 0..1 as `9.7 %` or `42 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
