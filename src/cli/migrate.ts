import { Command } from "commander";
import { migrate } from "../log/migrate.ts";
import { readSettings } from "../settings.ts";
import { findDatabase } from "./database.ts";

/** `signalbox migrate`: brings the schema up to date; the sidecar does the same at its start. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("Bring the database's schema up to date; the sidecar does it at its start too")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox migrate
  $ DATABASE_URL=postgres://admin@db/signalbox signalbox migrate`,
    )
    .action(async () => {
      const onProgress = (message: string) => process.stdout.write(`${message}\n`);
      const applied = await migrate(await findDatabase(readSettings(process.env)), { onProgress });
      if (applied.length === 0) process.stdout.write("the schema is up to date\n");
    });
}
