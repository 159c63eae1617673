import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "./child.ts";

const repository = resolve(import.meta.dirname, "../../..");

/** Files that make up the temporary configuration folder, LiteLLM's and the sidecar's. */
const fixtures = [
  "gateway.yaml",
  "litellm-config.yaml",
  "auth_mod.py",
  "order_probe.py",
  "user_rows.py",
] as const;

/** Folder of the Python environment's programs: the one that `npm test` sets up, or another one by environment. */
export function pythonBin(): string {
  return process.env.SIGNALBOX_PYTHON_BIN ?? join(repository, ".signalbox/venv/bin");
}

/** Lays out a configuration folder as a user has it: the two YAML files, and callback/signalbox.py beside them. */
export async function layOutConfig(folder: string): Promise<void> {
  await mkdir(join(folder, "callback"), { recursive: true });
  await Promise.all(
    fixtures.map((file) => cp(join(import.meta.dirname, "../fixtures", file), join(folder, file))),
  );
  await cp(join(repository, "callback/signalbox.py"), join(folder, "callback/signalbox.py"));
}

/** How the real LiteLLM proxy is started, on a loopback port, from a folder that layOutConfig() made. */
export function litellmCommand(options: {
  readonly folder: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}): Command {
  const { folder, port, env } = options;
  return {
    file: join(pythonBin(), "litellm"),
    args: ["--config", join(folder, "litellm-config.yaml"), "--port", String(port), "--host", "127.0.0.1"],
    cwd: folder,
    env: { ...plainEnvironment(), LITELLM_LOCAL_MODEL_COST_MAP: "True", PYTHONUNBUFFERED: "1", ...env },
    logFile: join(folder, "litellm.log"),
  };
}

const NODE_ENVIRONMENT = {
  NODE_COMPILE_CACHE: join(repository, "node_modules/.cache/node"),
  MALLOC_ARENA_MAX: "1",
};

/** How the sidecar is started, by the Node that runs the tests, as scripts/bootstrap.mjs starts it. */
export function sidecarCommand(folder: string, env: Readonly<Record<string, string>>): Command {
  return {
    file: process.execPath,
    args: ["--heap-growing-percent=100", "--max-semi-space-size=16", "src/cli/signalbox.ts", "serve"],
    cwd: repository,
    env: { ...plainEnvironment(), ...NODE_ENVIRONMENT, ...env },
    logFile: join(folder, "sidecar.log"),
  };
}

/** What any program needs of the environment: no provider key and no setting of the machine gets into the tests. */
function plainEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LANG"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
