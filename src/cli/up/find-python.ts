import { execFileSync } from "node:child_process";
import { CliError, EXIT } from "../cli-error.ts";

/** What the pinned LiteLLM supports, its Requires-Python. */
const OLDEST_MINOR = 10;
const NEWEST_MINOR = 14;

/** Names under which a usable Python may be installed, the machine's own choice first. */
const CANDIDATES = [
  "python3",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "python3.14",
  "python",
];

const PROBE_TIMEOUT_MS = 10_000;
const PROBE = `
import importlib.util as u, sys
print(sys.version_info[0], sys.version_info[1], int(bool(u.find_spec("venv") and u.find_spec("ensurepip"))), sys.executable)
`;

/** A Python that can make the environment. */
export interface Python {
  /** Path of the interpreter. */
  readonly path: string;
  /** For instance "3.11". */
  readonly version: string;
}

interface Probed extends Python {
  readonly name: string;
  readonly supported: boolean;
  readonly hasVenv: boolean;
}

/**
 * Finds a Python 3.10 to 3.14 that can create virtual environments.
 *
 * @throws {CliError} naming every Python that was found and what is missing.
 */
export function findPython(env: Readonly<Record<string, string | undefined>>): Python {
  const found = CANDIDATES.map((name) => probe(name, env)).filter((python) => python !== null);
  const usable = found.find((python) => python.supported && python.hasVenv);
  if (usable !== undefined) return usable;
  throw new CliError(EXIT.failed, explain(found));
}

function probe(name: string, env: Readonly<Record<string, string | undefined>>): Probed | null {
  try {
    const output = execFileSync(name, ["-c", PROBE], {
      env: { ...env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PROBE_TIMEOUT_MS,
    });
    return parseProbe(name, output);
  } catch {
    return null;
  }
}

function parseProbe(name: string, output: string): Probed | null {
  const parts = /^(\d+) (\d+) ([01]) (.+)$/m.exec(output);
  if (parts === null) return null;
  const [, major = "", minor = "", venv, path = name] = parts;
  const supported = major === "3" && Number(minor) >= OLDEST_MINOR && Number(minor) <= NEWEST_MINOR;
  return { name, path, version: `${major}.${minor}`, supported, hasVenv: venv === "1" };
}

function explain(found: readonly Probed[]): string {
  const wish = `expected Python 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR} with venv`;
  if (found.length === 0) {
    return `Cannot set up LiteLLM: no Python found on PATH, ${wish}.\nInstall it (Debian: apt-get install python3 python3-venv; macOS: brew install python@3.12).`;
  }
  const list = found.map((python) => `${python.name} is ${python.version}${venvNote(python)}`).join(", ");
  const withoutVenv = found.find((python) => python.supported);
  const remedy =
    withoutVenv === undefined
      ? "Install a supported Python (Debian: apt-get install python3 python3-venv)."
      : `Install the missing part (Debian: apt-get install python3-venv, or python${withoutVenv.version}-venv).`;
  return `Cannot set up LiteLLM: ${list}, ${wish}.\n${remedy}`;
}

function venvNote(python: Probed): string {
  return python.hasVenv ? "" : " without venv or ensurepip";
}
