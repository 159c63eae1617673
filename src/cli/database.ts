import { findRunningPostgres } from "../log/embedded-postgres.ts";
import type { Settings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";

/**
 * Finds the database of the log: DATABASE_URL, or the embedded one that `npm start` runs.
 *
 * @throws {CliError} where there is neither.
 */
export async function findDatabase(settings: Settings): Promise<string> {
  const url = settings.DATABASE_URL ?? (await findRunningPostgres(settings.SIGNALBOX_STATE_DIR));
  if (url !== null) return url;
  throw new CliError(
    EXIT.misused,
    "Cannot find the database: found neither DATABASE_URL nor a running embedded PostgreSQL " +
      `in ${settings.SIGNALBOX_STATE_DIR}, expected one of them; \`npm start\` runs one`,
  );
}
