import { Command } from "commander";
import { pino } from "pino";
import { findRunningPostgres } from "../log/embedded-postgres.ts";
import { type Sidecar, startSidecar } from "../main.ts";
import { readSettings, type Settings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { loadPolicyOrFail } from "./policy-file.ts";

/** `signalbox serve`: the sidecar alone, beside a LiteLLM that runs elsewhere. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Run the sidecar alone, beside a LiteLLM that runs elsewhere")
    .addHelpText(
      "after",
      `
Examples:
  $ signalbox serve
  $ DATABASE_URL=postgres://signalbox@db/signalbox SIGNALBOX_HOST=0.0.0.0 SIGNALBOX_SECRET=... signalbox serve`,
    )
    .action(serve);
}

async function serve(): Promise<void> {
  const settings = readSettings(process.env);
  const policy = loadPolicyOrFail(settings.SIGNALBOX_CONFIG);
  const databaseUrl = await findDatabase(settings, policy.collector.enabled);
  const logger = pino({ level: settings.LOG_LEVEL });
  const sidecar = await startSidecar({ settings, policy, logger, databaseUrl });
  stopOnSignal(sidecar);
}

async function findDatabase(settings: Settings, needed: boolean): Promise<string | null> {
  if (!needed) return null;
  const url = settings.DATABASE_URL ?? (await findRunningPostgres(settings.SIGNALBOX_STATE_DIR));
  if (url !== null) return url;
  throw new CliError(
    EXIT.misused,
    "Cannot serve: found no DATABASE_URL and no running embedded database, expected one of them, " +
      "or collector.enabled: false in gateway.yaml",
  );
}

function stopOnSignal(sidecar: Sidecar): void {
  const stop = () => {
    sidecar.close().then(
      () => process.exit(EXIT.ok),
      () => process.exit(EXIT.failed),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
