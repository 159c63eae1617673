import { Command } from "commander";
import { LABEL_FIELDS, type Label, parseLabel } from "../learn/dataset/label-record.ts";
import { readPrompt } from "../learn/score-prompt.ts";
import { importLabels, type LabelImport, type LabelRow } from "../log/import-labels.ts";
import { storedTexts } from "../log/stored-texts.ts";
import { didYouMean } from "../policy/suggest.ts";
import { readSettings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { createEvaluateProgress } from "./evaluate-progress.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { readRecords } from "./read-records.ts";

interface LabelOptions {
  readonly import: string;
  readonly config?: string;
  readonly json?: true;
}

/** `signalbox label`: brings labels into the log. */
export function labelCommand(): Command {
  return new Command("label")
    .description("Bring labels into the log: what models reached on requests that were logged")
    .requiredOption(
      "--import <file>",
      ".jsonl, .csv, these with .gz, or .parquet; - is standard input, JSON lines",
    )
    .option("--config <file>", "gateway.yaml with the tiers that labels may name (default: SIGNALBOX_CONFIG)")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      `
A record has decision_id or prompt, and model with score (0 to 1), or tier (the one that would have been right), or
all three. A prompt stands for every logged decision whose newest human turn is that text, as it is or as it is
redacted. A later label of the same decision and model replaces an earlier one; to import a file twice does no harm.

A record that cannot be used is reported with its line on standard error; the rest goes on, and the exit code is 1.

Examples:
  $ signalbox label --import labels.csv
  $ echo '{"prompt": "What is 2 + 2?", "model": "gpt-5-mini", "score": 1}' | signalbox label --import -`,
    )
    .action(label);
}

async function label(options: LabelOptions): Promise<void> {
  const settings = readSettings(process.env);
  const { tiers } = loadPolicyOrFail(options.config ?? settings.SIGNALBOX_CONFIG);
  const databaseUrl = await findDatabase(settings);
  const progress = createEvaluateProgress(process.stderr);
  let bad = 0;
  const onBadLine = (line: number, problem: string) => {
    bad += 1;
    progress.say(`${options.import} line ${line}: ${problem}`);
  };
  const names = tiers.map(({ name }) => name);
  const garbled = new Set<number>();
  const rows = readLabelRows(options.import, names, {
    onBadLine,
    onLabel: (line, told) => {
      if (isGarbled(told)) garbled.add(line);
    },
  });
  const result = await importLabels(databaseUrl, rows, (sent) =>
    progress.update(`${formatCount(sent)} labels read`),
  );
  for (const line of result.unmatched) onBadLine(line, `${UNMATCHED}${garbled.has(line) ? NOT_UTF8 : ""}`);
  progress.end();
  process.stdout.write(`${options.json ? JSON.stringify({ ...result, bad }) : describe(result)}\n`);
  if (bad > 0) throw new CliError(EXIT.failed, `${formatCount(bad)} records could not be used`);
}

const UNMATCHED = "found no logged decision that it is about";

const NOT_UTF8 = ", and letters that are no UTF-8: save the file in UTF-8 (in Excel as CSV UTF-8)";

/** Stands for letters that are no UTF-8. */
const REPLACEMENT = "\uFFFD";

interface LabelWatch {
  readonly onBadLine: (line: number, problem: string) => void;
  readonly onLabel: (line: number, label: Label) => void;
}

async function* readLabelRows(
  path: string,
  tiers: readonly string[],
  { onBadLine, onLabel }: LabelWatch,
): AsyncGenerator<LabelRow> {
  for await (const found of readRecords(path, LABEL_FIELDS)) {
    const parsed =
      "problem" in found ? { ok: false as const, problem: found.problem } : parseLabel(found.record);
    const problem = parsed.ok ? problemOf(parsed.value, tiers) : parsed.problem;
    if (parsed.ok && problem === null) {
      onLabel(found.line, parsed.value);
      yield toRow(found.line, parsed.value);
    } else onBadLine(found.line, problem ?? "");
  }
}

function isGarbled({ about }: Label): boolean {
  return "prompt" in about && about.prompt.includes(REPLACEMENT);
}

function problemOf({ about, tier }: Label, tiers: readonly string[]): string | null {
  if (tier !== null && !tiers.includes(tier)) {
    return `tier: found ${tier}, expected one of ${tiers.join(", ")}${didYouMean(tier, tiers)}`;
  }
  if ("prompt" in about && readPrompt(about.prompt) === null) {
    return "prompt: found nothing that a human wrote, expected the text of a request";
  }
  return null;
}

function toRow(line: number, { about, answer, tier }: Label): LabelRow {
  return {
    line,
    decisionId: "decisionId" in about ? about.decisionId : null,
    texts: "prompt" in about ? storedTexts(readPrompt(about.prompt)?.turn.text ?? "") : [],
    source: answer === null ? "label" : `label:${answer.model}`,
    value: answer?.score ?? null,
    tier,
  };
}

function describe({ added, changed, same, decisions }: LabelImport): string {
  const labels = `${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(same)} there already`;
  return `labels: ${labels}; decisions that they are about: ${formatCount(decisions)}`;
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
