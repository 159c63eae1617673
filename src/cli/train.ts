import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { writeArtifact } from "../classify/ml/write-artifact.ts";
import { judgeRows } from "../learn/dataset/judge-rows.ts";
import { isSure } from "../learn/own/measure-own.ts";
import { trainOnOwn } from "../learn/own/train-on-own.ts";
import type { Policy } from "../policy/policy.ts";
import { readSettings } from "../settings.ts";
import { loadArtifactOrFail } from "./artifact-file.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { createEvaluateProgress } from "./evaluate-progress.ts";
import { parseTime } from "./parse-time.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import {
  MAX_TRAINING_ROWS,
  readTrainingFile,
  readTrainingLog,
  type TrainInput,
  type TrainWatch,
} from "./train-input.ts";
import { describeInput, describeMissing, describeResult, describeSwitch } from "./train-report.ts";

/** Fewer labels than this can make a classifier worse (measured on public outcomes as on one's own). */
const MIN_LABELS = 300;

/** Default part of the strong model's quality that the ranges keep. */
const KEEP_QUALITY = 0.97;

interface TrainOptions {
  readonly data?: string;
  readonly since?: Date;
  readonly out: string;
  readonly base?: string;
  readonly weak?: string;
  readonly strong?: string;
  readonly keepQuality?: number;
  readonly budgetShare?: number;
  readonly maxSharePerKey: number;
  readonly seed: number;
  readonly config?: string;
}

/** `signalbox train`: a classifier for one's own traffic, written only where it is better. */
export function trainCommand(): Command {
  return new Command("train")
    .description("Train a classifier on your own traffic, and keep it only if it is better")
    .option(
      "--data <file>",
      "an export of routing_training (.jsonl, .csv, .parquet) or outcomes; default: the database",
    )
    .option("--since <time>", "decisions of the database at or after this time, 2026-01-31", parseTime)
    .option("--out <file>", "where the classifier is written if it is better", "artifacts/own.json")
    .option("--base <file>", "classifier to start from and to beat (default: the policy's)")
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
not better than the classifier that is in use is not written.

Exit codes: 0 trained, or not better and nothing written; 1 too few labels, or lines could not be used; 2 arguments,
files or gateway.yaml are wrong.

Examples:
  $ signalbox train
  $ signalbox train --data training.parquet --keep-quality 0.98 --out artifacts/own.json
  $ signalbox train --data outcomes.jsonl.gz --weak gpt-5-mini --strong claude-opus`,
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const pair = readPair(options);
  const goal = readGoal(options);
  const policy = loadPolicyOrFail(options.config ?? readSettings(process.env).SIGNALBOX_CONFIG);
  const prior = priorOf(options, policy);
  const progress = createEvaluateProgress(process.stderr);
  let bad = 0;
  const input = await readInput(options, policy, {
    onBadLine: (line, problem) => {
      bad += 1;
      progress.say(`${options.data ?? "routing_training"} line ${line}: ${problem}`);
    },
    onRows: (rows) => progress.update(`${rows.toLocaleString("en-US")} rows read`),
  });
  const { rows, lineup } = judgeRows(input.rows, pair);
  const sure = rows.filter(isSure);
  print(describeInput({ ...input, judged: rows, lineup, most: MAX_TRAINING_ROWS }));
  if (sure.length < MIN_LABELS) {
    progress.end();
    throw new CliError(EXIT.failed, describeMissing(sure.length, MIN_LABELS));
  }
  const result = trainOnOwn(rows, {
    prior: prior.artifact,
    priorDigest: prior.digest,
    tiers: policy.tiers.length,
    goal,
    maxShare: options.maxSharePerKey,
    seed: options.seed,
    date: new Date().toISOString().slice(0, 10),
    onStep: (step) => progress.update(step),
  });
  progress.end();
  print(describeResult(result));
  if (result.isBetter) {
    write(options.out, writeArtifact(result.artifact));
    print(describeSwitch(result, { out: options.out, tiers: policy.tiers.map(({ name }) => name) }));
  } else print("not better: kept the old one\n");
  if (bad > 0) throw new CliError(EXIT.failed, `${bad} records could not be used`);
}

async function readInput(
  { data, since }: TrainOptions,
  policy: Policy,
  reports: Omit<TrainWatch, "tiers" | "most">,
): Promise<TrainInput> {
  const watch = { ...reports, tiers: policy.tiers.map(({ name }) => name), most: MAX_TRAINING_ROWS };
  if (data !== undefined) return readTrainingFile(data, watch);
  return readTrainingLog(await findDatabase(readSettings(process.env)), since ?? null, watch);
}

function readPair({ weak, strong }: TrainOptions): { readonly weak: string; readonly strong: string } | null {
  if (weak === undefined && strong === undefined) return null;
  if (weak !== undefined && strong !== undefined) return { weak, strong };
  throw new CliError(EXIT.misused, "Cannot train: expected --weak and --strong together");
}

function readGoal({ keepQuality, budgetShare }: TrainOptions) {
  if (budgetShare === undefined) return { keepQuality: keepQuality ?? KEEP_QUALITY };
  if (keepQuality === undefined) return { budgetShare };
  throw new CliError(EXIT.misused, "Cannot train: expected --keep-quality or --budget-share, not both");
}

function priorOf({ base }: TrainOptions, policy: Policy) {
  const prior = base === undefined ? policy.classifier.ml.loaded : loadArtifactOrFail(base);
  if (prior !== null) return prior;
  throw new CliError(
    EXIT.misused,
    "Cannot train: the classifier of the policy cannot be used, expected one in --base",
  );
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // A server may read it at any moment: it appears whole or not at all.
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.misused, `Cannot write ${path}: ${found}`, { cause: error });
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share <= 1) return share;
  throw new InvalidArgumentError("Expected a number above 0, at most 1.");
}

function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number from 0 on.");
}
