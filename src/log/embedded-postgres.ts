import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { connect } from "./connection.ts";
import { prepareBinaries } from "./postgres/binaries.ts";
import { hasCluster } from "./postgres/cluster.ts";
import { holdPidLock } from "./postgres/pid-lock.ts";
import * as servers from "./postgres/server.ts";
import { chooseHome } from "./postgres/server-home.ts";
import { readServerRecord, writeServerRecord } from "./postgres/server-record.ts";
import { findServerUser } from "./postgres/server-user.ts";

export interface EmbeddedPostgresOptions {
  /** Made where it does not exist. */
  readonly stateDir: string;
  /** Called with a sentence for each step that takes time. */
  readonly onProgress?: (message: string) => void;
  /** Settings of postgresql.conf beside our own; tests switch durability off. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL that this process runs. */
export interface EmbeddedPostgres {
  /** With the password; loopback only. */
  readonly url: string;
  /** Stops it within about 20 seconds. A second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL of our own, from the npm package, with its data below the state folder, or where a
 * server that may not be root can reach it. It does not see Ctrl-C: whoever started it stops it, after the
 * log is written. One that outlived its starter is stopped first.
 *
 * @throws {Error} where another process runs it, the package is missing, or the data are of another version.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.stateDir, { recursive: true });
  const stateDir = realpathSync(options.stateDir);
  const release = holdPidLock(join(stateDir, "postgres.lock"), "start the embedded database");
  try {
    const { server, url } = await start(stateDir, options);
    let stopping: Promise<void> | null = null;
    const stop = () => {
      stopping ??= stopAndRelease(server, stateDir, release);
      return stopping;
    };
    return { url, stop };
  } catch (error) {
    release();
    throw error;
  }
}

async function start(stateDir: string, options: EmbeddedPostgresOptions) {
  const { onProgress = () => undefined, settings = {} } = options;
  const user = await findServerUser();
  const noted = readServerRecord(stateDir)?.home ?? null;
  const home = await chooseHome({ stateDir, user, noted });
  if (noted === null && hasCluster(home)) onProgress(`Going on with the database found in ${home}`);
  writeServerRecord(stateDir, { home, running: null });
  const binaries = await prepareBinaries({ home, user, onProgress });
  const server = { home, binaries, user, settings };
  if (await servers.stopOrphan(server)) onProgress("Stopped a database that was left running");
  await servers.createCluster(server, onProgress);
  const { port, pid } = await servers.startServer(server);
  try {
    const url = await createDatabase(server, port);
    writeServerRecord(stateDir, { home, running: { url, pid } });
    return { server, url };
  } catch (error) {
    await servers.stopServer(server);
    throw error;
  }
}

async function createDatabase(server: servers.Server, port: number): Promise<string> {
  const connection = await connect(servers.serverUrl(server, port, "postgres"), "signalbox");
  try {
    const name = servers.DATABASE_NAME;
    const found = await connection.client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) await connection.client.query(`CREATE DATABASE ${name}`);
    return servers.serverUrl(server, port, name);
  } finally {
    await connection.close();
  }
}

async function stopAndRelease(server: servers.Server, stateDir: string, release: () => void): Promise<void> {
  try {
    await servers.stopServer(server);
    writeServerRecord(stateDir, { home: server.home, running: null });
  } finally {
    release();
  }
}

/**
 * Finds the database that another process runs from the same state folder.
 *
 * @returns its URL; null where none runs, or it does not answer.
 */
export async function findRunningPostgres(stateDir: string): Promise<string | null> {
  const record = readServerRecord(stateDir);
  if (record === null || record.running === null) return null;
  const { url, pid } = record.running;
  if (servers.findServerProcess(record.home) !== pid) return null;
  try {
    const connection = await connect(url, "signalbox");
    await connection.close();
    return url;
  } catch {
    return null;
  }
}
