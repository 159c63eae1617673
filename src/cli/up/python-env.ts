import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { CliError, EXIT } from "../cli-error.ts";
import { describeEnding, startChild } from "./child.ts";
import { sayOnce } from "./child-log.ts";
import { findPython } from "./find-python.ts";
import { lockFolder } from "./folder-lock.ts";
import type { Terminal } from "./terminal.ts";
import { notePlace, venvRuns } from "./venv-place.ts";

export interface PythonEnvOptions {
  /** Folder that holds `venv/`, usually `.signalbox`. */
  readonly stateDir: string;
  /** Requirements files with hashes, installed in this order. */
  readonly requirements: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborting ends the installation; what is half done is redone the next time. */
  readonly signal?: AbortSignal;
}

/** How long pip may take to end when it is interrupted. */
const STOP_GRACE_MS = 2_000;
const STATUS_INTERVAL_MS = 1_000;

/**
 * Makes sure that a Python environment with the given requirements exists, and gives its `bin` folder. The
 * first time takes two to three minutes, afterwards it costs a few milliseconds.
 *
 * @throws {CliError} where no Python fits or pip fails.
 */
export async function ensurePythonEnv(options: PythonEnvOptions): Promise<string> {
  const venv = resolve(options.stateDir, "venv");
  const bin = join(venv, "bin");
  if (missingIn(venv, options).length === 0) return bin;
  mkdirSync(options.stateDir, { recursive: true });
  const { terminal, signal } = options;
  const unlock = await lockFolder(options.stateDir, "python-setup.lock", { terminal, signal });
  try {
    const missing = missingIn(venv, options);
    // The base changed, was never finished or does not run: packages of two versions must not mix.
    if (missing[0] === options.requirements[0]) await createVenv(venv, options);
    for (const file of missing) await installRequirements(venv, file, options);
  } finally {
    unlock();
  }
  return bin;
}

/** The requirements that are not installed as they are now, from the first such file on. */
function missingIn(venv: string, { requirements, env }: PythonEnvOptions): readonly string[] {
  if (!venvRuns(venv, env)) return requirements;
  const first = requirements.findIndex((file) => !isInstalled(venv, file));
  return first === -1 ? [] : requirements.slice(first);
}

function isInstalled(venv: string, file: string): boolean {
  const stamp = stampOf(venv, file);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digestOf(file);
}

/** Written when everything of a file is installed, so it is missing after an interruption. */
function stampOf(venv: string, file: string): string {
  return join(venv, `${basename(file)}.installed`);
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

async function createVenv(venv: string, options: PythonEnvOptions): Promise<void> {
  const python = findPython(options.env);
  options.terminal.line(`Creating a Python ${python.version} environment in ${venv} ...`);
  rmSync(venv, { recursive: true, force: true });
  const child = startChild({
    command: python.path,
    args: ["-m", "venv", venv],
    env: options.env,
    ...pipLog(options),
  });
  await finish(child, "create the Python environment", options);
  notePlace(venv);
}

async function installRequirements(venv: string, file: string, options: PythonEnvOptions): Promise<void> {
  rmSync(stampOf(venv, file), { force: true });
  const progress = showProgress(file, options.terminal);
  const child = startChild({
    command: join(venv, "bin", "python"),
    // The files name every package that is needed. Resolving again, pip would stumble over a release newer than they are.
    args: [
      ...[
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-input",
        "--disable-pip-version-check",
      ],
      ...["--progress-bar", "off", "-r", file],
    ],
    env: options.env,
    ...pipLog(options),
    onLine: progress.read,
  });
  await finish(child, `install ${file}`, options).finally(progress.stop);
  writeFileSync(stampOf(venv, file), digestOf(file));
  options.terminal.line(`Installed ${progress.summary()}.`);
}

function pipLog({ stateDir, terminal }: PythonEnvOptions) {
  const logFile = join(stateDir, "logs", "pip.log");
  return { logFile, onLogError: sayOnce(terminal, logFile) };
}

/** Counts the packages that pip names and says so with the time that has passed. */
function showProgress(file: string, terminal: Terminal) {
  const started = Date.now();
  const total = readFileSync(file, "utf8").match(/^[\w.[\]-]+==/gm)?.length ?? 0;
  let collected = 0;
  let phase = "downloading";
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const summary = () => `${Math.min(collected, total)} Python packages in ${seconds()} s`;
  const show = () =>
    terminal.status(`Python packages: ${phase} ${Math.min(collected, total)} of ${total}, ${seconds()} s`);
  // Some lines of the file are for other versions of Python.
  terminal.line(`Installing up to ${total} Python packages of ${file}: LiteLLM takes 2 to 3 minutes ...`);
  const timer = setInterval(show, STATUS_INTERVAL_MS);
  const read = (line: string) => {
    if (/^(Collecting|Requirement already satisfied:) /.test(line)) collected += 1;
    if (line.startsWith("Installing collected packages")) phase = "installing";
  };
  return { read, summary, stop: () => clearInterval(timer) };
}

async function finish(
  child: ReturnType<typeof startChild>,
  action: string,
  options: PythonEnvOptions,
): Promise<void> {
  const abort = () => void child.stop(STOP_GRACE_MS);
  options.signal?.addEventListener("abort", abort, { once: true });
  const ending = await child.ended;
  options.signal?.removeEventListener("abort", abort);
  options.signal?.throwIfAborted();
  if (ending.code === 0) return;
  const output = child.lastLines();
  throw new CliError(
    EXIT.failed,
    [
      `Cannot ${action}: ${describeEnding(ending)}`,
      ...output.slice(-15).map((line) => `  ${line}`),
      `${remedyFor(output.join("\n"))} All output: ${pipLog(options).logFile}`,
    ].join("\n"),
  );
}

/** What to do about the failures of pip that people meet, by a mark in its output. */
function remedyFor(output: string): string {
  if (/No space left/.test(output)) return "The disk is full: LiteLLM needs about 750 MB.";
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/.test(output))
    return "The package index's certificate is not trusted: set PIP_CERT to your proxy's CA file.";
  if (/Failed to establish a new connection|Temporary failure in name resolution|timed out/.test(output))
    return "The package index cannot be reached: check the network, or set HTTPS_PROXY or PIP_INDEX_URL.";
  return "Run the command again to try once more.";
}
