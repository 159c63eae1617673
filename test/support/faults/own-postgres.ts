import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../src/log/embedded-postgres.ts";
import { processStart } from "../../../src/log/postgres/process-table.ts";
import { readServerRecord } from "../../../src/log/postgres/server-record.ts";
import { openTcpProxy, type TcpProxy } from "../tcp-proxy.ts";
import { until } from "../until.ts";

/** A PostgreSQL that may be killed, behind a proxy whose port stays the same. Durable as an installed one is. */
export interface OwnPostgres {
  /** Through the proxy. */
  readonly url: string;
  readonly proxy: TcpProxy;
  /** Ids of all decisions that are stored, asked behind the proxy's back. */
  decisionIds(): Promise<string[]>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after a kill. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What a server says at its start while the one before it has not ended to its last process. */
const STILL_ENDING = /shared memory|postmaster\.pid" already exists/;

/** Starts a PostgreSQL with its usual durability, some three seconds. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const stateDir = mkdtempSync(join(tmpdir(), "signalbox-postgres-"));
  // Passable for the user that the server runs as where the tests run as root.
  chmodSync(stateDir, 0o711);
  let postgres = await startEmbeddedPostgres({ stateDir });
  const proxy = await openTcpProxy(portOf(postgres));
  const url = new URL(postgres.url);
  url.port = String(proxy.port);
  const kill = async () => {
    const pid = serverPid(stateDir);
    process.kill(pid, "SIGKILL");
    await until(() => processStart(pid) === null);
    // Lets go of the lock; there is nothing left to stop.
    await postgres.stop();
  };
  const restart = async () => {
    await until(async () => {
      try {
        postgres = await startEmbeddedPostgres({ stateDir });
        return true;
      } catch (error) {
        // Processes of the killed server notice its end within moments, and hold its memory until then.
        if (error instanceof Error && STILL_ENDING.test(error.message)) return false;
        throw error;
      }
    });
    proxy.retarget(portOf(postgres));
  };
  const stop = async () => {
    await proxy.close();
    await postgres.stop();
    rmSync(stateDir, { recursive: true });
  };
  const decisionIds = () => readDecisionIds(postgres.url);
  return { url: url.href, proxy, decisionIds, kill, restart, stop };
}

function portOf({ url }: EmbeddedPostgres): number {
  return Number(new URL(url).port);
}

function serverPid(stateDir: string): number {
  const pid = readServerRecord(stateDir)?.running?.pid;
  if (pid === undefined) throw new Error("Cannot kill PostgreSQL: found no process, expected one that runs");
  return pid;
}

async function readDecisionIds(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>("SELECT id FROM routing_logs");
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}
