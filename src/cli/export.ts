import { Command, InvalidArgumentError, Option } from "commander";
import { exportLogs } from "../log/export.ts";
import { readSettings } from "../settings.ts";
import { EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { openOutput } from "./file-streams.ts";

const formats = ["jsonl", "csv"] as const;

interface ExportOptions {
  readonly format: (typeof formats)[number];
  readonly out: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly tier?: string;
  readonly method?: string;
}

/** `signalbox export`: routing_logs as lines, oldest first. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Write routing_logs to a file or to standard output, oldest first")
    .addOption(new Option("--format <name>", "form of the lines").choices(formats).default("jsonl"))
    .option("--out <file>", "where to write; - is standard output", "-")
    .option(
      "--since <time>",
      "decisions at or after this time, 2026-01-31 or 2026-01-31T12:00:00Z",
      parseTime,
    )
    .option("--until <time>", "decisions before this time", parseTime)
    .option("--tier <name>", "decisions of this tier only")
    .option("--method <name>", "decisions of this method only: auto, alias, pattern, passthrough, fallback")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox export > decisions.jsonl
  $ signalbox export --format csv --since 2026-01-01 --tier complex --out complex.csv`,
    )
    .action(runExport);
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError("expected a time such as 2026-01-31 or 2026-01-31T12:00:00Z");
}

async function runExport({ format, out, since, until, tier, method }: ExportOptions): Promise<void> {
  const databaseUrl = await findDatabase(readSettings(process.env));
  const isStdout = out === "-";
  const target = openOutput(out, null);
  const filter = { since: since ?? null, until: until ?? null, tier: tier ?? null, method: method ?? null };
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const { signal } = stop;
  const progress = { onProgress: showProgress, signal };
  const rows = await exportLogs({ databaseUrl, format, ...filter, out: target, ...progress });
  if (!isStdout) target.end();
  process.stderr.write(
    `${process.stderr.isTTY ? "\r" : ""}${rows} rows exported${signal.aborted ? ", then stopped" : ""}\n`,
  );
  if (signal.aborted) process.exitCode = EXIT.failed;
}

/** A figure that counts up, where a person watches. */
function showProgress(rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${rows} rows`);
}
