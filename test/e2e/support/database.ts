import { chmod, mkdir } from "node:fs/promises";
import { startEmbeddedPostgres } from "../../../src/log/embedded-postgres.ts";

/** A real PostgreSQL for one run, its data below the folder; durability is off, the run does not outlive it. */
export async function startDatabase(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const stateDir = `${folder}/database`;
  await mkdir(stateDir);
  // The server may run as another user, who must be able to pass through.
  for (const path of [folder, stateDir]) await chmod(path, 0o755);
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const { url, stop } = await startEmbeddedPostgres({ stateDir, settings });
  return { url, close: stop };
}
