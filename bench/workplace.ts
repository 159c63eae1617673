import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../src/log/embedded-postgres.ts";

/** What a run needs beside the servers: a folder of its own, and a PostgreSQL with its usual durability. */
export interface Workplace {
  readonly folder: string;
  readonly databaseUrl: string;
}

/** Makes the folder, starts the database, and leaves the undoing of both on the stack. */
export async function openWorkplace(stack: AsyncDisposableStack): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-bench-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // The server may run as another user, who must be able to pass through.
  await chmod(folder, 0o755);
  const database = await startEmbeddedPostgres({ stateDir: join(folder, "database") });
  stack.defer(database.stop);
  return { folder, databaseUrl: database.url };
}
