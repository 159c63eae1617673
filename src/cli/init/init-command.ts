import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import { formatProblem, loadPolicyText } from "../../policy/load.ts";
import { readSettings } from "../../settings.ts";
import { CliError, EXIT } from "../cli-error.ts";
import { modelsOfConfig, modelsOfMachine } from "./find-models.ts";
import { gatewayText } from "./gateway-text.ts";
import { PROVIDERS } from "./known-models.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { includesOf } from "./read-config.ts";

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
  const found = from === undefined ? await modelsOfMachine(process.env) : modelsOfConfig(from, path);
  const text = gatewayText(found, preset, relative(dirname(resolve(path)), SCHEMA));
  const result = loadPolicyText(text, { file: path, env: process.env });
  if (!result.ok) {
    const lines = result.problems.map(formatProblem).join("\n");
    throw new CliError(EXIT.failed, `Cannot make a valid file of ${from ?? "what is here"}:\n${lines}`);
  }
  write(path, text, from);
  const { policy } = result;
  for (const warning of policy.warnings) process.stderr.write(`${formatProblem(warning)}\n`);
  const tiers = policy.tiers.map(
    ({ name, models }) => `${name} (${models.map(({ model }) => model).join(", ")})`,
  );
  const next = from === undefined ? NEXT : nextOf({ from, path, files: found.files });
  const guessed = found.sources.length === 0 ? NOTHING_FOUND : "";
  process.stdout.write(`Wrote ${path}: ${tiers.join(", ")}.\n${guessed}${next}\n`);
}

const SCHEMA = join(import.meta.dirname, "..", "..", "..", "gateway.schema.json");

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new CliError(
    EXIT.misused,
    `Cannot write ${path}: found a file there, expected none. --out names another one.`,
  );
}

/** What was readable there is readable here: a key that the configuration has written down, and in containers the rest. */
function write(path: string, text: string, from: string | undefined): void {
  try {
    const mode = from === undefined ? 0o666 : statSync(from).mode & 0o666;
    writeFileSync(path, text, { flag: "wx", mode });
  } catch (error) {
    const found = error instanceof Error && "code" in error ? String(error.code) : "an error";
    // Half a file, of a full disk, would be in the way of the next try.
    if (found === "ENOSPC") rmSync(path, { force: true });
    throw new CliError(EXIT.misused, `Cannot write ${path}: found ${found}, expected a new file`, {
      cause: error,
    });
  }
}

const VARIABLES = PROVIDERS.map(({ variable }) => variable).join(", ");
const NOTHING_FOUND = `None of ${VARIABLES} is set and no Ollama runs here, so these are models to begin with: put in those that you have.\n`;
const NEXT = "Next: look it over, then `signalbox check` and `npm start`.";

interface Taken {
  readonly from: string;
  readonly path: string;
  readonly files: readonly string[];
}

function nextOf({ from, path, files }: Taken): string {
  const name = relative(dirname(resolve(from)), resolve(path));
  const includes = includesOf(from);
  const holders = files.join(" and ");
  const include =
    includes.length === 0
      ? `, put \`include: [${name}]\` into ${from}`
      : includes.includes(resolve(path))
        ? ""
        : `, add ${name} to \`include\` of ${from}`;
  return `Next: take model_list out of ${holders}${include}, and add callback.signalbox.handler to litellm_settings.callbacks.`;
}
