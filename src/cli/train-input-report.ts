import { FEATURE_VERSION } from "../classify/features/feature-list.ts";
import type { Artifact } from "../classify/ml/artifact.ts";
import type { JudgedRow } from "../learn/dataset/judge-rows.ts";
import type { TrainingRow } from "../learn/dataset/training-row.ts";
import type { Lineup } from "../learn/lineup.ts";
import type { TrainInput } from "./train-input.ts";
import { count } from "./train-report.ts";

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
