import { Command } from "commander";
import { pino } from "pino";
import { type Sidecar, startSidecar } from "../main.ts";
import { readSettings } from "../settings.ts";
import { EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { logOutput } from "./log-output.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { listenForStop } from "./stop-request.ts";

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
  let sidecar: Sidecar | null = null;
  // From the beginning: it would end a process that does not listen for it, and the file is read then anyway.
  process.on("SIGHUP", () => void sidecar?.reload());
  const settings = readSettings(process.env);
  const policy = loadPolicyOrFail(settings.SIGNALBOX_CONFIG);
  const databaseUrl = policy.collector.enabled ? await findDatabase(settings) : null;
  const logger = pino({ level: settings.LOG_LEVEL }, logOutput);
  sidecar = await startSidecar({ settings, policy, env: process.env, logger, databaseUrl });
  stopOnSignal(sidecar);
}

/** SIGHUP reads the policy again, so it ends nothing. */
function stopOnSignal(sidecar: Sidecar): void {
  const { signal, force } = listenForStop(["SIGINT", "SIGTERM"]);
  signal.addEventListener("abort", () => {
    sidecar.close().then(
      () => process.exit(EXIT.ok),
      () => process.exit(EXIT.failed),
    );
  });
  force.addEventListener("abort", () => process.exit(EXIT.failed));
}
