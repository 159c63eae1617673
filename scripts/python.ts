import { existsSync } from "node:fs";
import { ensurePythonEnv } from "../src/cli/up/python-env.ts";
import { createTerminal } from "../src/cli/up/terminal.ts";

const REQUIREMENTS = ["callback/requirements.txt", "callback/requirements-dev.txt"];

/** Sets up the Python environment with what tests and checks need, and gives its `bin` folder. */
export function ensureTestPython(): Promise<string> {
  return ensurePythonEnv({
    stateDir: ".signalbox",
    requirements: REQUIREMENTS.filter((file) => existsSync(file)),
    env: process.env,
    terminal: createTerminal(process.stdout),
  });
}
