import { setFlagsFromString } from "node:v8";
import { Command, Option } from "commander";
import { METHODS, type Method } from "../decide/decision.ts";
import { EXPORT_FORMATS, type ExportFormat, type ExportResult, exportTable } from "../log/export.ts";
import { EXPORT_TABLES, type ExportTable } from "../log/export-query.ts";
import { readSettings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { type ExportOutput, openExportOutput } from "./export-output.ts";
import { createExportProgress } from "./export-progress.ts";
import { parseTime } from "./parse-time.ts";

interface ExportArguments {
  readonly format: ExportFormat;
  readonly table: ExportTable;
  readonly out: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly tier?: string;
  readonly method?: Method;
  readonly text: boolean;
}

/** `signalbox export`: the log as a file that training programs read, oldest decision first. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Write the log to a file or to standard output, oldest decision first")
    .addOption(new Option("--format <name>", "form of the file").choices(EXPORT_FORMATS).default("jsonl"))
    .addOption(
      new Option("--table <name>", "routing_training has one row a decision, with its outcome and feedback")
        .choices(EXPORT_TABLES)
        .default("routing_training"),
    )
    .option("--out <file>", "where to write; - is standard output", "-")
    .option(
      "--since <time>",
      "decisions at or after this time, 2026-01-31 or 2026-01-31T12:00:00Z",
      parseTime,
    )
    .option("--until <time>", "decisions before this time", parseTime)
    .option("--tier <name>", "decisions of this tier only")
    .addOption(new Option("--method <name>", "decisions of this method only").choices(METHODS))
    .option(
      "--no-text",
      "leave out the columns with texts: prompts, comments, notes, the trace and embeddings",
    )
    .addHelpText(
      "after",
      `
A file is FILE.partial until it is complete. Exports of 1 May to 2 May and of 2 May to 3 May have no row in
common and miss none between them.

Examples:
  $ signalbox export > decisions.jsonl
  $ signalbox export --format csv --since 2026-01-01 --tier complex --out complex.csv
  $ signalbox export --format parquet --since 2026-05-01 --until 2026-05-02 --out 2026-05-01.parquet`,
    )
    .action(runExport);
}

async function runExport(given: ExportArguments): Promise<void> {
  refuseNoRange(given);
  const databaseUrl = await findDatabase(readSettings(process.env));
  refuseTerminal(given);
  spendMemoryForSpeed();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const output = openExportOutput(given.out);
  const { isTTY } = process.stderr;
  const progress = createExportProgress(isTTY ? (text) => process.stderr.write(text) : null);
  const result = await exportTable({
    databaseUrl,
    ...filterOf(given),
    format: given.format,
    out: output.stream,
    onProgress: progress.update,
    signal: stop.signal,
  });
  if (result.isComplete) await output.finish();
  process.stderr.write(`${progress.summary(given.table, result)}${endingOf(result, output, stop.signal)}\n`);
  if (stop.signal.aborted) process.exitCode = EXIT.failed;
}

function filterOf({ table, since, until, tier, method, text }: ExportArguments) {
  return {
    table,
    since: since ?? null,
    until: until ?? null,
    tier: tier ?? null,
    method: method ?? null,
    withText: text,
  };
}

/** Times that were given the wrong way round would be a whole file without a row. */
function refuseNoRange({ since, until }: ExportArguments): void {
  if (since === undefined || until === undefined || since < until) return;
  throw new CliError(EXIT.misused, "Cannot export: found --since not before --until, expected it to be");
}

function refuseTerminal({ format, out }: ExportArguments): void {
  if (format !== "parquet" || out !== "-" || !process.stdout.isTTY) return;
  throw new CliError(
    EXIT.misused,
    "Cannot write Parquet to a terminal: expected --out FILE, or standard output to a file or program",
  );
}

/**
 * The program's own start makes V8 collect garbage early, which suits a server that waits. Here it would take
 * a third of the time.
 */
function spendMemoryForSpeed(): void {
  setFlagsFromString("--heap-growing-percent=0");
}

function endingOf(result: ExportResult, output: ExportOutput, signal: AbortSignal): string {
  if (result.isComplete) return "";
  return signal.aborted ? `; stopped, ${output.name} is not complete` : "; the reader went away";
}
