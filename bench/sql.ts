import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { maintain } from "../src/log/maintain.ts";
import { migrate } from "../src/log/migrate.ts";
import { refreshDailyFigures } from "../src/log/refresh-daily-figures.ts";
import { showSpread } from "./figures.ts";
import { type BenchOptions, type Progress, type Report, scaled } from "./report.ts";
import { type MeasuredExport, measureExport } from "./sql/export.ts";
import { type MeasuredInsert, measureInserts } from "./sql/inserts.ts";
import { type AskedQuery, askQueries } from "./sql/queries.ts";
import { createRealColumns } from "./sql/real-columns.ts";
import type { Table } from "./table.ts";
import { openWorkplace } from "./workplace.ts";

const DAYS = 90;
const DAY_MS = 86_400_000;
/** Decisions in 90 days unless the command says another number. */
const USUAL_ROWS = 300_000;
const INSERTED_ROWS = 20_000;
const MAX_USUAL_MS = 500;
const MAX_DROP_MS = 1_000;
/** For a million rows. */
const MAX_EXPORT_SECONDS = 60;

interface Kept {
  readonly refreshMs: number;
  readonly refreshTodayMs: number;
  readonly dropMs: number;
  readonly databaseBytes: number;
}

/** Measures what the log's database answers and stores, with as many decisions in 90 days as is asked for. */
export async function benchSql({ progress, effort, rows }: BenchOptions): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const workplace = await openWorkplace(stack);
  const client = new Client({ connectionString: workplace.databaseUrl });
  await client.connect();
  stack.defer(() => client.end());
  await migrate(client);
  const decisions = rows ?? scaled(USUAL_ROWS, effort, DAYS);
  await fill(client, decisions, progress);
  const refreshMs = await timeMs(() => refreshDailyFigures(client));
  const refreshTodayMs = await timeMs(() => refreshDailyFigures(client));
  const asked = await askQueries(client, progress);
  const inserts = await measureInserts(client, { rows: scaled(INSERTED_ROWS, effort, 2_000), progress });
  const databaseBytes = await sizeOf(client);
  progress("sql: exporting all as Parquet");
  const exported = await measureExport(workplace);
  const dropMs = await timeMs(() =>
    maintain(client, { aheadDays: 7, retentionDays: DAYS - 1, oldestWaiting: null }),
  );
  return reportOf({
    decisions,
    asked,
    inserts,
    exported,
    kept: { refreshMs, refreshTodayMs, dropMs, databaseBytes },
  });
}

async function fill(client: Client, decisions: number, progress: Progress): Promise<void> {
  const oldestWaiting = new Date(Date.now() - DAYS * DAY_MS);
  await maintain(client, { aheadDays: 7, retentionDays: DAYS, oldestWaiting });
  await createRealColumns(client);
  await client.query(readFileSync(join(import.meta.dirname, "sql", "fill-day.sql"), "utf8"));
  await client.query("SET synchronous_commit = off");
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo -= 1) {
    if (daysAgo % 10 === 0) progress(`sql: making decisions of ${daysAgo} days ago`);
    const day = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    await client.query("SELECT bench_fill_day($1, $2)", [day, Math.ceil(decisions / DAYS)]);
  }
  await client.query("RESET synchronous_commit");
  progress("sql: VACUUM ANALYZE, as autovacuum does in time");
  await client.query("VACUUM ANALYZE routing_logs, routing_outcomes, routing_feedback, routing_labels");
  await client.query("CHECKPOINT");
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function sizeOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    "SELECT pg_database_size(current_database())::float8 AS bytes",
  );
  return rows[0]?.bytes ?? Number.NaN;
}

interface Measured {
  readonly decisions: number;
  readonly asked: readonly AskedQuery[];
  readonly inserts: readonly MeasuredInsert[];
  readonly exported: MeasuredExport;
  readonly kept: Kept;
}

function reportOf({ decisions, asked, inserts, exported, kept }: Measured): Report {
  const usual = asked.filter(({ isUsual }) => isUsual);
  const exportSeconds = (exported.seconds / decisions) * 1_000_000;
  const slowest = Math.max(...usual.flatMap(({ firstMs, againMs }) => [firstMs, againMs]));
  return {
    title: "The log's database",
    method:
      `${decisions.toLocaleString("en")} decisions in ${DAYS} days with their outcomes, in an embedded PostgreSQL ` +
      "with its default settings (128 MiB of shared buffers) on the same machine. A question is asked 7 times, by the " +
      "functions that the API calls: the first time, then the median. Inserts are batches of 200 rows in " +
      "one transaction each, as the drain does it, on one connection; 3 rounds in turns.",
    aims: [
      {
        what: "slowest of the usual questions",
        wanted: `at most ${MAX_USUAL_MS} ms`,
        measured: `${slowest.toFixed(0)} ms`,
        isMet: slowest <= MAX_USUAL_MS,
      },
      {
        what: "a million rows of routing_training as Parquet",
        wanted: `at most ${MAX_EXPORT_SECONDS} s`,
        measured: `${exportSeconds.toFixed(0)} s, at the pace of these`,
        isMet: exportSeconds <= MAX_EXPORT_SECONDS,
      },
      {
        what: "dropping a day of all four tables",
        wanted: `at most ${MAX_DROP_MS} ms`,
        measured: `${kept.dropMs.toFixed(0)} ms`,
        isMet: kept.dropMs <= MAX_DROP_MS,
      },
    ],
    tables: [
      { caption: "Questions", table: questionTable(asked) },
      { caption: "Inserts", table: insertTable(inserts) },
      { caption: "Export of all rows as Parquet", table: exportTable(exported) },
      { caption: "Maintenance", table: maintenanceTable(kept) },
    ],
  };
}

function questionTable(asked: readonly AskedQuery[]): Table {
  const rows = asked.map(({ question, isUsual, firstMs, againMs }) => [
    isUsual ? question : `${question} (the worst)`,
    firstMs.toFixed(1),
    againMs.toFixed(1),
  ]);
  return { columns: ["question", "first, ms", "again, ms"], rows };
}

function insertTable(inserts: readonly MeasuredInsert[]): Table {
  const rows = inserts.map(({ schema, rowsPerSecond, bytesPerRow, indexBytesPerRow }) => [
    schema,
    showSpread(rowsPerSecond, 0),
    bytesPerRow.toFixed(0),
    indexBytesPerRow.toFixed(0),
  ]);
  return { columns: ["schema", "rows/s", "bytes a row", "of which indexes"], rows };
}

function exportTable({ seconds, cpuSeconds, peakMb, fileMb }: MeasuredExport): Table {
  const figures = [seconds, cpuSeconds, peakMb, fileMb].map((figure) => figure.toFixed(0));
  return {
    columns: ["s", "processor time of the export, s", "peak of its memory, MB", "file, MB"],
    rows: [figures],
  };
}

function maintenanceTable({ refreshMs, refreshTodayMs, dropMs, databaseBytes }: Kept): Table {
  return {
    columns: ["what", "figure"],
    rows: [
      ["figures of all days, once", `${refreshMs.toFixed(0)} ms`],
      ["figures of today, every hour", `${refreshTodayMs.toFixed(0)} ms`],
      ["making and dropping a day's partitions", `${dropMs.toFixed(0)} ms`],
      ["size of the database", `${(databaseBytes / 2 ** 30).toFixed(1)} GiB`],
    ],
  };
}
