import { Command, InvalidArgumentError, Option } from "commander";
import { evaluateLineup } from "../learn/evaluate.ts";
import type { EvaluationOptions } from "../learn/evaluate-set.ts";
import { groupLineup, type Lineup, namedLineup } from "../learn/lineup.ts";
import type { Report } from "../learn/report.ts";
import type { ScoredRow } from "../learn/scored-row.ts";
import type { Policy } from "../policy/policy.ts";
import { readSettings } from "../settings.ts";
import { checkModels } from "./check-models.ts";
import { CliError, EXIT } from "./cli-error.ts";
import {
  artifactColumn,
  type Column,
  classifierColumn,
  scoresColumn,
  strategies,
} from "./evaluate-column.ts";
import { readScoredOutcomes, readScores, type Watch } from "./evaluate-input.ts";
import { createEvaluateProgress } from "./evaluate-progress.ts";
import { renderReport } from "./evaluate-report.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { printText } from "./print-text.ts";

const DEFAULT_RESAMPLES = 1_000;
/** Enough for any interval, and a minute for 15,000 prompts. */
const MAX_RESAMPLES = 10_000;

/** Seed of the resamples, so that a table is the same in each run. */
const SEED = 20_261_120;

interface EvaluateOptions {
  readonly data: string;
  readonly strategy?: readonly (typeof strategies)[number][];
  readonly artifact?: readonly string[];
  readonly scores?: readonly string[];
  readonly chance?: true;
  readonly weak?: string;
  readonly strong?: string;
  readonly pairs?: readonly string[];
  readonly resamples: number;
  readonly full?: true;
  readonly json?: true;
  readonly config?: string;
}

/** `signalbox evaluate`: how well scores route, on what models really reached, beside controls. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Measure how well classifiers route, on outcomes of models, beside controls")
    .requiredOption(
      "--data <file>",
      "outcomes: .jsonl or .jsonl.gz of {id, suite, group, prompt or body, models}",
    )
    .addOption(
      new Option("--strategy <names...>", "classifiers to measure (default: static)").choices(strategies),
    )
    .option(
      "--artifact <files...>",
      "trained classifiers, as `signalbox train` writes them: each is a column",
    )
    .option(
      "--scores <files...>",
      "scores made elsewhere, lines of {id, score}: each file is one more column",
    )
    .option("--chance", "the scores in --scores are 100 × the chance that the weak model fails")
    .option("--weak <model>", "the weak model of a pair, with --strong")
    .option("--strong <model>", "the strong model of a pair, with --weak")
    .option("--pairs <models...>", "pairs as weak,strong; with more names one for each tier, cheapest first")
    .option("--resamples <n>", "resamples of the intervals, 0 for none", parseResamples, DEFAULT_RESAMPLES)
    .option("--full", "print the whole table of every suite")
    .option("--json", "print everything as JSON")
    .option("--config <file>", "gateway.yaml with classifier settings and tiers (default: SIGNALBOX_CONFIG)")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox evaluate --data outcomes.jsonl.gz
  $ signalbox evaluate --data outcomes.jsonl --weak gpt-5-mini --strong claude-opus
  $ signalbox evaluate --data outcomes.jsonl --scores mine.jsonl --json | jq .comparisons[0].pooled

Without a pair, the weak third of the models competes with the strong third, by mean quality.
A line that cannot be read is reported with its number on standard error; the rest goes on, and the exit code is 1.
Exit codes: 0 all well, 1 lines could not be used, 2 arguments, files or gateway.yaml are wrong.`,
    )
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const pairs = readPairs(options);
  const policy = loadPolicyOrFail(options.config ?? readSettings(process.env).SIGNALBOX_CONFIG);
  const progress = createEvaluateProgress(process.stderr);
  let bad = 0;
  const onBadLine: Watch["onBadLine"] = (file, line, problem) => {
    bad += 1;
    progress.say(`${file} line ${line}: ${problem}`);
  };
  const columns = await openColumns(options, { policy, onBadLine });
  const { rows, unscored } = await readScoredOutcomes(options.data, {
    columns,
    policy,
    onBadLine,
    onPrompts: (prompts) => progress.update(`${prompts.toLocaleString("en-US")} prompts scored`),
  });
  const lineups = pairs.length > 0 ? pairs.map(namedLineup) : [groupLineup(rows, policy.tiers.length)];
  const known = new Set(rows.flatMap(({ models }) => [...models.keys()]));
  checkModels(pairs.flat(), { action: "evaluate", what: "outcome", known });
  const report = measure(rows, lineups, {
    classifiers: columns,
    tiers: policy.tiers,
    resamples: options.resamples,
    seed: SEED,
    onSet: (set) => progress.update(`measuring ${set}`),
  });
  progress.end();
  const text = options.json ? JSON.stringify(report, null, 2) : renderReport(report, options.full === true);
  await printText(`${text}\n`);
  failOnLoss(bad, unscored);
}

function readPairs({ weak, strong, pairs = [] }: EvaluateOptions): string[][] {
  if ((weak === undefined) !== (strong === undefined)) {
    throw new CliError(EXIT.misused, "Cannot evaluate: expected --weak and --strong together");
  }
  const named = pairs.map((pair) => pair.split(",").map((model) => model.trim()));
  const wrong = named.findIndex((models) => models.length < 2 || models.includes(""));
  if (wrong !== -1) {
    const found = pairs[wrong] ?? "";
    throw new CliError(EXIT.misused, `Cannot evaluate: found --pairs ${found}, expected weak,strong`);
  }
  return weak === undefined || strong === undefined ? named : [[weak, strong], ...named];
}

interface ColumnSources extends Pick<Watch, "onBadLine"> {
  readonly policy: Policy;
}

async function openColumns(
  options: EvaluateOptions,
  { policy, onBadLine }: ColumnSources,
): Promise<Column[]> {
  const { artifact = [], scores = [], chance: isChance = false } = options;
  const strategy = options.strategy ?? (artifact.length === 0 ? ["static"] : []);
  const columns = [
    ...strategy.map((name) => classifierColumn(name, policy)),
    ...artifact.map((path) => artifactColumn(path, policy)),
  ];
  for (const path of scores) {
    columns.push(scoresColumn(path, await readScores(path, { onBadLine }), { isChance, policy }));
  }
  return columns;
}

function measure(
  rows: readonly ScoredRow[],
  lineups: readonly Lineup[],
  options: EvaluationOptions & { readonly onSet: (set: string) => void },
): Report {
  const comparisons = lineups.map((lineup) => {
    const comparison = evaluateLineup(rows, lineup, options);
    if (comparison !== null) return comparison;
    throw new CliError(
      EXIT.misused,
      `Cannot evaluate ${lineup.name}: found no scored prompt on which all of them have an outcome`,
    );
  });
  const { resamples, seed } = options;
  const tiers = options.tiers.map(({ name, low }) => ({ name, low }));
  return { version: 1, resamples, seed, prompts: rows.length, tiers, comparisons };
}

function failOnLoss(bad: number, unscored: number): void {
  const losses = [
    bad > 0 ? `${bad} lines could not be read` : "",
    unscored > 0 ? `${unscored} prompts without a score in --scores were left out` : "",
  ].filter((loss) => loss !== "");
  if (losses.length > 0) throw new CliError(EXIT.failed, losses.join("; "));
}

function parseResamples(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= MAX_RESAMPLES) return count;
  throw new InvalidArgumentError(`Expected a whole number in 0..${MAX_RESAMPLES}.`);
}
