import { Command } from "commander";
import type { LoadedArtifact } from "../classify/ml/parse-artifact.ts";
import { writeArtifact } from "../classify/ml/write-artifact.ts";
import { judgeRows } from "../learn/dataset/judge-rows.ts";
import { isSure } from "../learn/own/measure-own.ts";
import { type TrainResult, trainOnOwn } from "../learn/own/train-on-own.ts";
import { isOwn, unseenBy } from "../learn/own/unseen-rows.ts";
import { artifactPathOf, SHIPPED_ARTIFACT } from "../policy/artifact-file.ts";
import { compileChecked } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { readSettings } from "../settings.ts";
import { loadArtifactOrFail } from "./artifact-file.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { createEvaluateProgress } from "./evaluate-progress.ts";
import { parseTime } from "./parse-time.ts";
import { checkPolicyOrFail } from "./policy-file.ts";
import {
  MAX_TRAINING_ROWS,
  readTrainingFile,
  readTrainingLog,
  type TrainInput,
  type TrainWatch,
} from "./train-input.ts";
import { describeInput, describeMissing, describeSeen, describeUnseen } from "./train-input-report.ts";
import { chooseLineup } from "./train-lineup.ts";
import {
  checkSource,
  type Pair,
  parseSeed,
  parseShare,
  readGoal,
  readPair,
  type TrainOptions,
} from "./train-options.ts";
import { openTrainOutput } from "./train-output.ts";
import { describeResult } from "./train-report.ts";
import { describeSwitch } from "./train-switch.ts";

/** Fewer labels than this can make a classifier worse (measured on public outcomes as on one's own). */
const MIN_LABELS = 300;

/** Fewer requests that the classifier in use was not trained on tell nothing of which one is better. */
const MIN_UNSEEN = 100;

/** `signalbox train`: a classifier for one's own traffic, written only where it is better. */
export function trainCommand(): Command {
  return new Command("train")
    .description("Train a classifier on your own traffic, and keep it only if it is better")
    .option(
      "--data <file>",
      "an export of routing_training (.jsonl, .csv, .parquet) or outcomes; default: the database",
    )
    .option("--since <time>", "decisions of the database at or after this time, 2026-01-31", parseTime)
    .option(
      "--out <file>",
      "where the classifier is written if it is better (default: a free name, artifacts/own-2026-01-31.json)",
    )
    .option(
      "--base <file>",
      "classifier to beat, and to start from unless it was trained on own traffic (default: the policy's)",
    )
    .option("--weak <model>", "the cheap model of the labels, with --strong")
    .option("--strong <model>", "the strong model of the labels, with --weak")
    .option(
      "--keep-quality <part>",
      "ranges that keep this part of the strong model's quality (default: 0.97)",
      parseShare,
    )
    .option(
      "--budget-share <part>",
      "ranges that cost at most this part of always asking the strong model",
      parseShare,
    )
    .option(
      "--max-share-per-key <part>",
      "most that one key may have of the weight, and of the requests that decide",
      parseShare,
      0.01,
    )
    .option("--seed <n>", "seed of splits and resamples", parseSeed, 1)
    .option("--config <file>", "gateway.yaml with tiers and classifier (default: SIGNALBOX_CONFIG)")
    .addHelpText(
      "after",
      `
Needs ${MIN_LABELS} labels or more: \`signalbox label\`, feedback, or outcomes as \`signalbox evaluate\` reads them. What is
not better than the classifier that is in use is not written. What is written is FILE.partial until it is complete, and
never the file that gateway.yaml uses: switch by naming the new one there.

Without a pair, labelled models of the cheapest tier are the weak ones, those of the dearest the strong ones; where the
tiers do not tell, the mean over requests that all have labels of does, else a pair is asked for.

Exit codes: 0 trained, or not better and nothing written; 1 too few labels, or lines could not be used; 2 arguments,
files or gateway.yaml are wrong.

Examples:
  $ signalbox train
  $ signalbox train --data training.parquet --keep-quality 0.98 --out artifacts/careful.json
  $ signalbox train --data outcomes.jsonl.gz --weak gpt-5-mini --strong claude-opus`,
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const pair = readPair(options);
  const goal = readGoal(options);
  checkSource(options);
  const gateway = options.config ?? readSettings(process.env).SIGNALBOX_CONFIG;
  const checked = checkPolicyOrFail(gateway);
  const policy = compileChecked(checked);
  const inUse = inUseOf(options, policy);
  const date = new Date().toISOString().slice(0, 10);
  const { ml } = checked.routing.classifier;
  const kept = { inUse: artifactPathOf(ml, gateway), gateway, data: options.data };
  const output = openTrainOutput(options.out, { date, kept });
  try {
    const { result, bad } = await learn(options, { pair, goal, policy, inUse, date });
    print(describeResult(result));
    if (result.isBetter) {
      const out = output.write(writeArtifact(result.artifact));
      print(describeSwitch(result, { out, gateway, policy, named: ml.artifact ?? null }));
    } else print("not better: kept the old one\n");
    if (bad > 0) throw new CliError(EXIT.failed, `${bad} records could not be used`);
  } finally {
    output.discard();
  }
}

interface Lesson {
  readonly pair: Pair | null;
  readonly goal: ReturnType<typeof readGoal>;
  readonly policy: Policy;
  readonly inUse: LoadedArtifact;
  readonly date: string;
}

/** @returns what was trained, and how many records could not be used. */
async function learn(
  options: TrainOptions,
  { pair, goal, policy, inUse, date }: Lesson,
): Promise<{ readonly result: TrainResult; readonly bad: number }> {
  const progress = createEvaluateProgress(process.stderr);
  let bad = 0;
  const input = await readInput(options, policy, {
    onBadLine: (line, problem) => {
      bad += 1;
      progress.say(`${options.data ?? "routing_training"} line ${line}: ${problem}`);
    },
    onRows: (rows) => progress.update(`${rows.toLocaleString("en-US")} rows read`),
  });
  progress.end();
  const lineup = chooseLineup(input.rows, { pair, policy });
  const rows = judgeRows(input.rows, lineup);
  const sure = rows.filter(isSure);
  print(describeInput({ ...input, judged: rows, lineup, most: MAX_TRAINING_ROWS }));
  if (sure.length < MIN_LABELS) throw new CliError(EXIT.failed, describeMissing(sure.length, MIN_LABELS));
  const prior = isOwn(inUse.artifact) ? loadArtifactOrFail(SHIPPED_ARTIFACT) : inUse;
  if (prior !== inUse) {
    const unseen = sure.filter(unseenBy(inUse.artifact)).length;
    if (unseen < MIN_UNSEEN)
      throw new CliError(EXIT.failed, describeUnseen(inUse.artifact, unseen, MIN_UNSEEN));
    print(describeSeen(inUse.artifact, unseen));
  }
  const result = trainOnOwn(rows, {
    prior: prior.artifact,
    priorDigest: prior.digest,
    inUse: inUse.artifact,
    tiers: policy.tiers.length,
    goal,
    maxShare: options.maxSharePerKey,
    seed: options.seed,
    date,
    onStep: (step) => progress.update(step),
  });
  progress.end();
  return { result, bad };
}

async function readInput(
  { data, since }: TrainOptions,
  policy: Policy,
  reports: Omit<TrainWatch, "policy" | "most">,
): Promise<TrainInput> {
  const watch = { ...reports, policy, most: MAX_TRAINING_ROWS };
  if (data !== undefined) return readTrainingFile(data, watch);
  return readTrainingLog(await findDatabase(readSettings(process.env)), since ?? null, watch);
}

/** The classifier to beat. */
function inUseOf({ base }: TrainOptions, policy: Policy): LoadedArtifact {
  const inUse = base === undefined ? policy.classifier.ml.loaded : loadArtifactOrFail(base);
  if (inUse !== null) return inUse;
  throw new CliError(
    EXIT.misused,
    "Cannot train: the classifier of the policy cannot be used, expected one in --base",
  );
}

function print(text: string): void {
  process.stdout.write(text);
}
