import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/log/embedded-postgres.ts";
import { migrate } from "../../src/log/migrate.ts";
import { withDatabase } from "./database-url.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL for the run, in which a test may make and drop databases. */
    postgresUrl: string;
    /** Name of a database with the schema and no rows. */
    templateDatabase: string;
  }
}

/** Tests lose nothing by a lost database, and gain a third of their time. */
const FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** One PostgreSQL a run: TEST_DATABASE_URL, or one of our own that is gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster();
  const template = `template_${process.pid}_${Date.now()}`;
  const admin = new Client({ connectionString: cluster.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  await migrate(withDatabase(cluster.url, template));
  project.provide("postgresUrl", cluster.url);
  project.provide("templateDatabase", template);
  return async () => {
    await admin.query(`DROP DATABASE ${template} WITH (FORCE)`);
    await admin.end();
    await cluster.close();
  };
}

async function openCluster(): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, close: () => Promise.resolve() };
  const stateDir = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  // Passable for the user that the server runs as where the tests run as root.
  chmodSync(stateDir, 0o711);
  const postgres = await startEmbeddedPostgres({ stateDir, settings: FAST });
  const close = async () => {
    await postgres.stop();
    rmSync(stateDir, { recursive: true });
  };
  return { url: postgres.url, close };
}
