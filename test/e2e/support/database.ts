import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../../../src/log/embedded-postgres.ts";
import { withDatabase } from "../../support/database-url.ts";

/** An empty database of a real PostgreSQL, for one run. */
export interface RunDatabase {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Durability is off: the data do not outlive the run. */
const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** A database of the PostgreSQL at TEST_DATABASE_URL, or of one of our own, its data below the folder. */
export async function startDatabase(folder: string): Promise<RunDatabase> {
  const given = process.env.TEST_DATABASE_URL;
  return given ? borrowDatabase(given) : ownDatabase(join(folder, "database"));
}

async function ownDatabase(stateDir: string): Promise<RunDatabase> {
  await mkdir(stateDir);
  // The server may run as another user, who must be able to pass through.
  for (const path of [join(stateDir, ".."), stateDir]) await chmod(path, 0o755);
  const { url, stop } = await startEmbeddedPostgres({ stateDir, settings });
  return { url, close: stop };
}

async function borrowDatabase(server: string): Promise<RunDatabase> {
  const name = `e2e_${process.pid}_${Date.now()}`;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const close = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  };
  return { url: withDatabase(server, name), close };
}
