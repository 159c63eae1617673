import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** It takes 2 ms. */
const VERSION_TIMEOUT_MS = 10_000;

/**
 * Whether a Python environment still runs. Its programs name their interpreter by the path at which it was made, and its
 * packages lie in a folder of Python's version: so it does not once it was moved or copied, or the Python that it was
 * made of is gone or of another version. A link to an environment is as good as that.
 */
export function venvRuns(venv: string, env: Environment): boolean {
  try {
    const config = readFileSync(join(venv, "pyvenv.cfg"), "utf8");
    if (realpathSync(placeOf(venv, config)) !== realpathSync(venv)) return false;
    const made = /^version = (\d+\.\d+)\./m.exec(config)?.[1];
    return made !== undefined && runningVersion(venv, env).startsWith(`Python ${made}.`);
  } catch {
    // Something is missing or cannot be run.
    return false;
  }
}

/** Remembers at which path an environment was made. */
export function notePlace(venv: string): void {
  writeFileSync(placeFile(venv), venv);
}

const placeFile = (venv: string) => join(venv, "made-at");

function placeOf(venv: string, config: string): string {
  const file = placeFile(venv);
  if (existsSync(file)) return readFileSync(file, "utf8");
  // From Python 3.11 on it notes by which command it was made.
  return /^command = .* -m venv (.+)$/m.exec(config)?.[1] ?? "";
}

function runningVersion(venv: string, env: Environment): string {
  return execFileSync(join(venv, "bin", "python"), ["-V"], {
    env: { ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: VERSION_TIMEOUT_MS,
  });
}
