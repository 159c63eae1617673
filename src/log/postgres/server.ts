import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { clusterOf, hasCluster } from "./cluster.ts";
import { processCommand } from "./process-table.ts";
import { runAs, type ServerUser } from "./server-user.ts";

/** A PostgreSQL server of our own, running or not. */
export interface Server {
  readonly home: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | null;
  /** Settings of postgresql.conf beside our own. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Name of the database and of its owner. */
export const DATABASE_NAME = "signalbox";

const INITDB_TIMEOUT_MS = 120_000;
const START_TIMEOUT_S = 60;
const FAST_STOP_TIMEOUT_S = 15;
const IMMEDIATE_STOP_TIMEOUT_S = 5;
/** A port that was free a moment ago can be taken by the time the server wants it. */
const START_ATTEMPTS = 5;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  // Paths of sockets may have 107 characters at most, and folders do not keep to that.
  unix_socket_directories: "",
  password_encryption: "scram-sha-256",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  // Statements and details hold the texts of rows.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  wal_level: "minimal",
  max_wal_senders: "0",
  jit: "off",
};

/**
 * Makes the cluster where there is none.
 *
 * @throws {Error} where there is one of another version of PostgreSQL.
 */
export async function createCluster(server: Server, onProgress: (message: string) => void): Promise<void> {
  const data = clusterOf(server.home);
  if (hasCluster(server.home)) return refuseOtherVersion(server);
  onProgress(`Creating a database in ${data}`);
  // Made beside and renamed: a start that is cut short leaves no half of a cluster behind.
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  const passwordFile = writeOwned(server, "password", randomBytes(24).toString("base64url"));
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = [`--username=${DATABASE_NAME}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  await run(server, "initdb", { args: ["-D", draft, ...locale, ...access], timeoutMs: INITDB_TIMEOUT_MS });
  renameSync(draft, data);
}

function refuseOtherVersion(server: Server): void {
  const data = clusterOf(server.home);
  const found = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  const expected = String(server.binaries.majorVersion);
  if (found === expected) return;
  throw new Error(
    `Cannot start the embedded database: found data of PostgreSQL ${found} in ${data}, expected ${expected}. ` +
      "Export it with the version that made it, or move that folder away to begin anew.",
  );
}

/**
 * Starts the server on a free port of the loopback address.
 *
 * @returns where it answers, and the id of its process.
 */
export async function startServer(server: Server): Promise<{ readonly port: number; readonly pid: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    try {
      await startOn(server, port);
      return { port, pid: readPid(server) ?? 0 };
    } catch (cause) {
      const said = readLog(server);
      if (attempt < START_ATTEMPTS && said.includes("could not bind")) continue;
      const log = logFile(server);
      throw new Error(`Cannot start the embedded database: it said "${said}", its log is ${log}`, { cause });
    }
  }
}

async function startOn(server: Server, port: number): Promise<void> {
  writeSettings(server, port);
  const log = logFile(server);
  rmSync(log, { force: true });
  const args = ["start", "-s", "-w", "-t", String(START_TIMEOUT_S), "-D", clusterOf(server.home), "-l", log];
  await run(server, "pg_ctl", { args, timeoutMs: (START_TIMEOUT_S + 5) * 1_000 });
}

function logFile({ home }: Server): string {
  return join(home, "server.log");
}

function readLog(server: Server): string {
  const log = logFile(server);
  return existsSync(log) ? readFileSync(log, "utf8").trim() : "";
}

/** Ends all sessions and stops the server, within about 20 seconds. Does nothing where none runs. */
export async function stopServer(server: Server): Promise<void> {
  if (findServerProcess(server.home) === null) return;
  try {
    await stopIn(server, "fast", FAST_STOP_TIMEOUT_S);
  } catch {
    await stopIn(server, "immediate", IMMEDIATE_STOP_TIMEOUT_S);
  }
}

function stopIn(server: Server, mode: "fast" | "immediate", seconds: number): Promise<string> {
  const args = ["stop", "-s", "-w", "-m", mode, "-t", String(seconds), "-D", clusterOf(server.home)];
  return run(server, "pg_ctl", { args, timeoutMs: (seconds + 5) * 1_000 });
}

/** Id of the process that serves our data, null where none does. */
export function findServerProcess(home: string): number | null {
  const pid = readPid({ home });
  const command = pid === null ? null : processCommand(pid);
  return command?.includes(clusterOf(home)) ? pid : null;
}

/**
 * Stops a server that outlived whoever started it. One that only has the process id of ours, after the
 * machine was switched off for one, is left alone, and the note that would keep ours from starting removed.
 *
 * @returns whether there was one.
 */
export async function stopOrphan(server: Server): Promise<boolean> {
  if (findServerProcess(server.home) !== null) {
    await stopServer(server);
    return true;
  }
  const pid = readPid(server);
  const command = pid === null ? null : processCommand(pid);
  // A postgres of another path may be ours after all, by a renamed folder: the server itself will refuse then.
  if (command !== null && !command.includes("postgres"))
    rmSync(join(clusterOf(server.home), "postmaster.pid"));
  return false;
}

function readPid(server: { readonly home: string }): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(clusterOf(server.home), "postmaster.pid"), "utf8"), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}

/** Where a database of the server is reached, with the password. */
export function serverUrl({ home }: Server, port: number, database: string): string {
  const password = readFileSync(join(home, "password"), "utf8");
  return `postgres://${DATABASE_NAME}:${password}@127.0.0.1:${port}/${database}`;
}

function writeSettings(server: Server, port: number): void {
  const settings = Object.entries({ ...SETTINGS, port: String(port), ...server.settings });
  const lines = settings.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeOwned(server, join("data", "postgresql.conf"), lines.join(""));
}

function writeOwned({ home, user }: Server, name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, text, { mode: 0o600 });
  if (user !== null) chownSync(file, user.uid, user.gid);
  return file;
}

interface RunProgram {
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

function run({ binaries, user, home }: Server, program: string, { args, timeoutMs }: RunProgram) {
  return runAs(join(binaries.binDir, program), args, { user, cwd: home, timeoutMs });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
