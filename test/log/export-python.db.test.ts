import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXPORT_FORMATS, exportTable } from "../../src/log/export.ts";
import { EXPORT_TABLES, type ExportTable } from "../../src/log/export-query.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { insertOddRows } from "./export-odd-rows.ts";
import { fillLogs, fillOthers } from "./export-rows.ts";

const project = join(import.meta.dirname, "..", "..");
const pythonBin = process.env.SIGNALBOX_PYTHON_BIN ?? join(project, ".signalbox", "venv", "bin");
/** Ordinary rows before the odd ones. */
const ROWS = 500;

const folder = mkdtempSync(join(tmpdir(), "signalbox-files-"));
let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  await fillLogs(database, ROWS);
  await fillOthers(database);
  await insertOddRows(database);
  for (const table of EXPORT_TABLES) {
    await writeExpected(table);
    for (const format of EXPORT_FORMATS) await writeExport(table, format, null);
  }
  await writeExport("routing_training", "parquet", "no such tier");
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** The values by PostgreSQL's own JSON, and the types by its catalogue. */
async function writeExpected(table: ExportTable): Promise<void> {
  const key = table === "routing_training" || table === "routing_logs" ? "id" : "decision_id";
  const rows = await database.query(`SELECT to_json(t)::text AS json FROM ${table} t ORDER BY ${key}`);
  writeFileSync(
    join(folder, `${table}.expected.jsonl`),
    rows.map(({ json }) => `${lineOf(json)}\n`).join(""),
  );
  const columns = await database.query(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  writeFileSync(join(folder, `${table}.columns.json`), JSON.stringify(columns));
}

/** Text of type json keeps its line breaks; inside of strings they are escaped, so these are between parts. */
function lineOf(json: unknown): string {
  return String(json).replaceAll(/[\r\n]/g, " ");
}

async function writeExport(table: ExportTable, format: "jsonl" | "csv" | "parquet", tier: string | null) {
  const out = createWriteStream(join(folder, `${tier === null ? table : "empty"}.${format}`));
  const all = { since: null, until: null, method: null, withText: true };
  await exportTable({ databaseUrl: database.url, table, format, tier, ...all, out });
  out.end();
  await finished(out);
}

test("pandas and pyarrow read from the three formats what is in the database", async () => {
  const args = [
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    join(import.meta.dirname, "check_export_files.py"),
  ];
  const child = spawn(join(pythonBin, "python"), args, {
    cwd: folder,
    env: { ...process.env, EXPORT_FOLDER: folder, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const code = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(`${stdout}${stderr}`).toMatch(/^\d+ passed in/m);
  expect(await code).toBe(0);
}, 120_000);
