import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { createTerminal } from "./terminal.ts";
import { runUp } from "./up.ts";

/** `signalbox up`: everything on this machine, what `npm start` runs. */
export function upCommand(): Command {
  return new Command("up")
    .description("Run LiteLLM, the sidecar and a database on this machine (this is `npm start`)")
    .option("--demo", "answer with canned texts also where provider keys are set")
    .addHelpText(
      "after",
      `
The first start installs LiteLLM into .signalbox/ and takes a few minutes, later ones take seconds.

Examples:
  $ signalbox up
  $ signalbox up --demo
  $ LITELLM_PORT=8000 SIGNALBOX_CONFIG=conf/gateway.yaml signalbox up`,
    )
    .action(async (options: { demo?: boolean }) => {
      await runUp({
        env: process.env,
        root: fileURLToPath(new URL("../../..", import.meta.url)),
        demo: options.demo === true,
        terminal: createTerminal(process.stdout),
      });
    });
}
