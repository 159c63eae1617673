import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { formatProblem, loadPolicyText } from "../../policy/load.ts";
import { readSettings } from "../../settings.ts";
import { CliError, EXIT } from "../cli-error.ts";
import { modelsOfConfig, modelsOfMachine } from "./find-models.ts";
import { gatewayText } from "./gateway-text.ts";
import { PRESETS, type PresetName } from "./presets.ts";

interface InitOptions {
  readonly preset: PresetName;
  readonly from?: string;
  readonly out?: string;
}

/** `signalbox init`: writes a first gateway.yaml. */
export function initCommand(): Command {
  const preset = new Option("--preset <name>", "what the models are for")
    .choices(Object.keys(PRESETS))
    .default("general");
  return new Command("init")
    .description("Write a commented gateway.yaml from what is found here; never overwrites a file")
    .addOption(preset)
    .option("--from <file>", "take the models of this LiteLLM configuration")
    .option("--out <file>", "the file to write (default: SIGNALBOX_CONFIG)")
    .addHelpText(
      "after",
      `
Without --from the models are those of providers whose keys are set (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY,
MISTRAL_API_KEY) and of an Ollama that runs on this machine.

Examples:
  $ signalbox init
  $ signalbox init --preset coding-agents --out conf/gateway.yaml
  $ signalbox init --from litellm-config.yaml`,
    )
    .action(init);
}

async function init({ preset, from, out }: InitOptions): Promise<void> {
  const path = out ?? readSettings(process.env).SIGNALBOX_CONFIG;
  refuseExisting(path);
  const found = from === undefined ? await modelsOfMachine(process.env) : modelsOfConfig(from);
  const text = gatewayText(found, preset);
  const result = loadPolicyText(text, { file: path, env: process.env });
  if (!result.ok) {
    const lines = result.problems.map(formatProblem).join("\n");
    throw new CliError(EXIT.failed, `Cannot make a valid file of ${from ?? "what is here"}:\n${lines}`);
  }
  write(path, text);
  const { policy } = result;
  for (const warning of policy.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  const tiers = policy.tiers.map(
    ({ name, models }) => `${name} (${models.map(({ model }) => model).join(", ")})`,
  );
  process.stdout.write(`Wrote ${path}: ${tiers.join(", ")}.\n${nextStep(from)}\n`);
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new CliError(
    EXIT.misused,
    `Cannot write ${path}: found a file there, expected none. --out names another one.`,
  );
}

function write(path: string, text: string): void {
  try {
    // It may hold a key that the configuration before it had written down.
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const found = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw new CliError(EXIT.misused, `Cannot write ${path}: found ${found}, expected a new file`, {
      cause: error,
    });
  }
}

function nextStep(from: string | undefined): string {
  if (from === undefined) return "Next: look it over, then `signalbox check` and `npm start`.";
  const has = /^include:/m.test(readFileSync(from, "utf8"));
  const include = has ? "" : ", put `include: [gateway.yaml]` there";
  return `Next: take model_list out of ${from}${include}, and add callback.signalbox.handler to litellm_settings.callbacks.`;
}
