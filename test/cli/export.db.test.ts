import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillLogs } from "../log/export-rows.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { runCli } from "../support/run-cli.ts";

const CLI = fileURLToPath(new URL("../../src/cli/signalbox.ts", import.meta.url));
const ROWS = 2_500;

const folder = mkdtempSync(join(tmpdir(), "signalbox-export-"));
let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  database = await cloneDatabase();
  await fillLogs(database, ROWS);
  env = { DATABASE_URL: database.url, SIGNALBOX_STATE_DIR: join(folder, "state") };
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runCli(["export", ...args], { env, cwd: folder });

describe("signalbox export", () => {
  test("writes data alone to standard output, and a summary to standard error", async () => {
    const { code, stdout, stderr } = await run();
    expect(code).toBe(0);
    const rows = stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(ROWS);
    expect(rows[0]).toMatchObject({ token_count: 1, feedback_up: 0 });
    expect(stderr).toMatch(/^2,500 rows of routing_training, \d+\.\d MB, in \d+\.\d s, [\d,]+ rows\/s\n$/);
  });

  test("writes a file under its own name, with the rows and columns that were asked for", async () => {
    const filter = ["--table", "routing_logs", "--tier", "complex", "--no-text", "--until", "2026-01-02"];
    const { code, stdout } = await run("--format", "csv", "--out", "rows.csv", ...filter);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const lines = readFileSync(join(folder, "rows.csv"), "utf8").split("\r\n").slice(0, -1);
    expect(lines[0]).toMatch(/^id,timestamp,system_prompt_hash,/);
    expect(lines).toHaveLength(1 + Math.floor((24 * 60 - 1) / 4));
    expect(readdirSync(folder)).not.toContain("rows.csv.partial");
  });

  test("writes Parquet to a pipe", async () => {
    const { code, stdout } = await run("--format", "parquet");
    expect(code).toBe(0);
    expect(stdout.startsWith("PAR1") && stdout.endsWith("PAR1")).toBe(true);
  });

  test("leaves no file of that name when it is killed, and keeps the one that was there", async () => {
    const killed = await stopWhileItReads("killed.parquet", "SIGKILL");
    expect(killed).toEqual({ code: null, stderr: "" });
    expect(existsSync(join(folder, "killed.parquet"))).toBe(false);
    expect(existsSync(join(folder, "killed.parquet.partial"))).toBe(true);
    expect((await run("--format", "parquet", "--out", "killed.parquet")).code).toBe(0);
    const whole = readFileSync(join(folder, "killed.parquet"));
    await stopWhileItReads("killed.parquet", "SIGKILL");
    expect(readFileSync(join(folder, "killed.parquet")).equals(whole)).toBe(true);
  });

  test("stops at Ctrl-C, says so and fails", async () => {
    const { code, stderr } = await stopWhileItReads("stopped.jsonl", "SIGINT");
    expect(code).toBe(1);
    expect(stderr).toContain("stopped, stopped.jsonl.partial is not complete");
    expect(existsSync(join(folder, "stopped.jsonl"))).toBe(false);
  });

  test("exits with 1 where the database does not answer, and names it without the password", async () => {
    const away = { ...env, DATABASE_URL: "postgres://me:canary@127.0.0.1:1/log" };
    const { code, stdout, stderr } = await runCli(["export", "--out", "away.csv"], {
      env: away,
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/127\.0\.0\.1:1, database log.*ECONNREFUSED.*npm start/);
    expect(stderr).not.toContain("canary");
    expect(existsSync(join(folder, "away.csv"))).toBe(false);
  });

  test.each([
    ["--out", "."],
    ["--out", ""],
    ["--out", "no/such/folder.csv"],
    ["--since", "yesterday"],
    ["--since", "1969-12-31"],
    ["--since", "7"],
    ["--since", "2026-02-31"],
    ["--since", "01/02/2026"],
    ["--until", "2026-05-01T12:00"],
    ["--table", "pg_authid"],
    ["--format", "xlsx"],
  ])("exits with 2 for %s %s", async (...args) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: "" });
    expect(readdirSync(folder)).not.toContain(".partial");
  });

  test.each(["2026-01-02", "2026-01-01T23:59:59Z"])(
    "makes no file without rows of a range that ends where it begins, or before: %s",
    async (until) => {
      const { code, stderr } = await run("--since", "2026-01-02", "--until", until, "--out", "none.csv");
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: "Cannot export: found --since not before --until, expected it to be\n",
      });
      expect(existsSync(join(folder, "none.csv"))).toBe(false);
    },
  );
});

/** Lets an export open its file and wait for the table, then sends the signal. */
async function stopWhileItReads(file: string, signal: "SIGINT" | "SIGKILL") {
  const blocker = new Client({ connectionString: database.url });
  await blocker.connect();
  await blocker.query("BEGIN");
  await blocker.query("LOCK TABLE routing_logs IN ACCESS EXCLUSIVE MODE");
  const opened = untilExists(`${file}.partial`);
  const args = ["export", "--format", file.split(".").at(-1) ?? "", "--out", file];
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, ...env } });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await opened;
  child.kill(signal);
  if (signal === "SIGKILL") await ended;
  await blocker.query("ROLLBACK");
  await blocker.end();
  return { code: await ended, stderr };
}

function untilExists(name: string): Promise<void> {
  rmSync(join(folder, name), { force: true });
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
  });
}
