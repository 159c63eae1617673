import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { FEATURE_NAMES, FEATURE_VERSION } from "../src/classify/features/feature-list.ts";
import { ARTIFACT_FORMAT, type Artifact } from "../src/classify/ml/artifact.ts";
import { parseArtifact } from "../src/classify/ml/parse-artifact.ts";
import { writeArtifact } from "../src/classify/ml/write-artifact.ts";
import { type OutcomeLine, parseOutcomeLine } from "../src/learn/outcomes.ts";
import { createRandom } from "../src/learn/random.ts";
import { fitCalibration } from "../src/learn/train/calibrate.ts";
import { type Fold, foldsAtRandom, foldsByLabel, predictLeftOut } from "../src/learn/train/leave-out.ts";
import { type OutcomeTargets, outcomeTargets } from "../src/learn/train/outcome-targets.ts";
import { promptFeatures } from "../src/learn/train/prompt-features.ts";
import { scoreRows } from "../src/learn/train/score-rows.ts";
import { TRAIN_DEFAULTS, trainModel } from "../src/learn/train/train-model.ts";
import { pickNumbers, pickRows, suiteWeights, type TrainingRows } from "../src/learn/train/training-rows.ts";
import { everydayFigures, FIGURES_SOURCE } from "./train/everyday-figures.ts";
import { writeLeftOut } from "./train/left-out.ts";
import { measureApart } from "./train/measure.ts";
import { labelNearDuplicates } from "./train/near-duplicates.ts";
import {
  MODEL_GROUPS,
  OUTCOMES_FILE,
  SOURCES,
  TIER_TARGETS,
  TIERS_FILE,
  TIERS_SOURCE,
  TIERS_WEIGHT,
  UNUSED_FEATURES,
} from "./train/public-data.ts";

/*
 * Trains the classifier that ships on public outcomes and written labels: `npm run train:public -- --data DIR`. Same data, seed and date:
 * the same bytes. `--left-out FILE` keeps what was said of each prompt by a model that had not seen its suite.
 */

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    out: { type: "string", default: "artifacts/complexity.json" },
    "left-out": { type: "string" },
    date: { type: "string", default: new Date().toISOString().slice(0, 10) },
    seed: { type: "string", default: "1" },
  },
});
if (args.data === undefined)
  throw new Error("Cannot train: found no --data, expected the folder of the outcomes");

const started = performance.now();
const progress = (what: string) =>
  process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${what}\n`);

interface LabelledRow {
  readonly suite: string;
  readonly prompt: string;
  readonly targets: OutcomeTargets;
  /** null where it is no benchmark's: then it is always trained on and never measured. */
  readonly line: OutcomeLine | null;
}

/** Parts into which the prompts are cut, to measure on kinds of work that the model knows. */
const PROMPT_FOLDS = 5;

const readLines = (packed: Buffer) => gunzipSync(packed).toString().trim().split("\n");

progress("reading prompts");
const outcomesFile = readFileSync(join(args.data, OUTCOMES_FILE));
const tiersFile = readFileSync(join(args.data, TIERS_FILE));
const measured = readLines(outcomesFile).flatMap(readOutcome);
const written = readLines(tiersFile).flatMap(readTier);
const figures: LabelledRow[] = everydayFigures(createRandom(Number(args.seed))).map(({ prompt, tier }) => {
  return { suite: TIERS_SOURCE.name, prompt, targets: TIER_TARGETS[tier], line: null };
});
const labelled = [...measured, ...written, ...figures];

function readOutcome(text: string): LabelledRow[] {
  const parsed = parseOutcomeLine(text);
  if (!parsed.ok) throw new Error(`Cannot train on a line of ${OUTCOMES_FILE}: ${parsed.problem}`);
  const line = parsed.value;
  const targets = outcomeTargets(line, MODEL_GROUPS);
  return targets === null ? [] : [{ suite: line.suite, prompt: line.prompt, targets, line }];
}

function readTier(text: string): LabelledRow[] {
  const { split, prompt, expected_tier } = z
    .object({
      split: z.string(),
      prompt: z.string(),
      expected_tier: z.enum(["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]),
    })
    .parse(JSON.parse(text));
  const suite = TIERS_SOURCE.name;
  return split === "train" ? [{ suite, prompt, targets: TIER_TARGETS[expected_tier], line: null }] : [];
}

progress(`reading the features of ${labelled.length} prompts`);
const features = labelled.map(({ prompt }) => promptFeatures(prompt));
const suites = labelled.map(({ suite }) => suite);
const rows: TrainingRows = {
  numbers: features.map(({ numbers }) => numbers),
  words: features.map(({ words }) => words),
  parts: features.map(({ parts }) => parts),
  weights: trainingWeights(suites),
};
const weakFail = Float64Array.from(labelled, ({ targets }) => targets.weakFail);
const gain = Float64Array.from(labelled, ({ targets }) => targets.gain);
const without = UNUSED_FEATURES.map((name) => FEATURE_NAMES.indexOf(name));
if (without.includes(-1))
  throw new Error(`Cannot leave out ${UNUSED_FEATURES[without.indexOf(-1)]}: no such feature`);
const options = { ...TRAIN_DEFAULTS, seed: Number(args.seed), without };

function trainingWeights(suites: readonly string[]): Float64Array {
  return suiteWeights(suites).map((weight, row) => {
    return suites[row] === TIERS_SOURCE.name ? weight * TIERS_WEIGHT : weight;
  });
}

function trainOn(chosen: readonly number[], onStep?: (step: string) => void) {
  const targets = [weakFail, gain].map((target) => ({ values: pickNumbers(target, chosen), share: 1 }));
  const weights = trainingWeights(chosen.map((row) => suites[row] ?? ""));
  const part = { ...pickRows(rows, chosen), weights };
  return trainModel(part, targets, onStep === undefined ? options : { ...options, onStep });
}

/** Raw scores of the outcomes' prompts, each by a model that was trained without its fold. */
function predictApart(folds: readonly Fold[], what: string): Float64Array {
  let fold = 0;
  const predicted = predictLeftOut(labelled.length, folds, (training, held) => {
    fold += 1;
    progress(`leaving out ${what}, ${fold} of ${folds.length}`);
    return scoreRows(trainOn(training), pickRows(rows, held));
  });
  return predicted.slice(0, measured.length);
}

const leftOut = predictApart(foldsByLabel(suites.slice(0, measured.length)), "a suite");
const alike = labelNearDuplicates(measured.map(({ prompt }) => prompt));
const promptFolds = foldsAtRandom(alike, PROMPT_FOLDS, createRandom(options.seed));
const known = predictApart(promptFolds, "prompts of each suite");
const calibration = fitCalibration(leftOut, {
  observed: weakFail.slice(0, measured.length),
  weights: suiteWeights(suites.slice(0, measured.length)),
});

progress("training on all");
const model = trainOn([...rows.numbers.keys()], progress);

progress("measuring");
const lines = measured.flatMap(({ line }) => line ?? []);
const { seed } = options;
const metrics = [
  { scores: leftOut, scorer: "ml, suite left out", how: "suites left out in turn", seed },
  { scores: known, scorer: "ml, prompt left out", how: "prompts left out in folds", seed },
].flatMap((apart) => measureApart(lines, apart));

const artifact: Artifact = {
  format: ARTIFACT_FORMAT,
  feature_version: FEATURE_VERSION,
  features: [...FEATURE_NAMES],
  model,
  calibration,
  meaning: "chance that a cheap model (4 to 7 models of 7 to 70 billion parameters, the mean) fails",
  training: {
    date: args.date,
    data_hash: `sha256:${createHash("sha256").update(outcomesFile).update(tiersFile).digest("hex")}`,
    seed: options.seed,
    rows: labelled.length,
    sources: [
      ...SOURCES.map(({ suites: prefix, ...source }) => {
        return { ...source, rows: measured.filter(({ suite }) => suite.startsWith(prefix)).length };
      }),
      { ...TIERS_SOURCE, rows: written.length },
      { ...FIGURES_SOURCE, rows: figures.length },
    ],
    options: {
      ...options.forest,
      alpha: options.alpha,
      word_bits: options.wordBits,
      tree_share: options.treeShare,
      word_share: options.wordShare,
      most_rise: options.mostRise,
      without: UNUSED_FEATURES.join(" "),
    },
    adapted_from: null,
  },
  metrics,
};
if (args["left-out"] !== undefined) {
  const ids = measured.flatMap(({ line }) => line?.id ?? []);
  writeLeftOut(args["left-out"], { ids, scores: leftOut, calibration });
}
const text = writeArtifact(artifact);
const parsed = parseArtifact(text);
if (!parsed.ok) throw new Error(`Cannot use what was trained: ${parsed.problem}`);
mkdirSync(dirname(args.out), { recursive: true });
writeFileSync(args.out, text);
progress(`${args.out}: ${text.length} bytes, digest ${parsed.loaded.digest}`);
