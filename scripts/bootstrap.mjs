/**
 * Runs a TypeScript file of this project on the project's own Node 24. Plain JavaScript that needs nothing
 * installed, because it is what installs: it must work on the oldest Node that is supported.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE_MAJOR = 20;
/** How often a silent installation shows that it is alive. */
const PROGRESS_INTERVAL_MS = process.stderr.isTTY ? 1_000 : 10_000;
/** How often it is looked whether npm, which forwards no SIGHUP and no SIGKILL, is still there. */
const PARENT_CHECK_INTERVAL_MS = 1_000;
const NPM_OUTPUT_LINES_SHOWN = 15;
/**
 * Old memory is collected once it has doubled, and semi-spaces have 16 MB, half of V8's own: a busy sidecar then has 225 MB
 * instead of 298, at no cost in time. With 8 MB, collections are the 99th percentile of a decision.
 */
const NODE_FLAGS = ["--heap-growing-percent=100", "--max-semi-space-size=16"];

/** The folder of package.json, wherever the program was started and through whatever links. */
export const projectRoot = realpathSync(fileURLToPath(new URL("..", import.meta.url)));
const ownNode = join(projectRoot, "node_modules", ".bin", "node");

/**
 * Installs the npm packages where they are missing or stale, then runs `entry` with the arguments of this
 * process and ends as it ended.
 *
 * @param {string} entry Path of a TypeScript file, relative to the project.
 * @param {{development?: boolean}} options `development`: the packages for tests and checks are needed too.
 */
export async function runOnOwnNode(entry, options = {}) {
  refuseOldNode();
  if (!packagesAreComplete(options.development === true)) await installPackages();
  runUntilExit(ownNode, [...NODE_FLAGS, join(projectRoot, entry), ...process.argv.slice(2)]);
}

function refuseOldNode() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < OLDEST_NODE_MAJOR) {
    fail(
      `Cannot start: this is Node ${process.versions.node}, expected Node ${OLDEST_NODE_MAJOR} or newer.`,
      "Install a newer Node from https://nodejs.org or your package manager, then run the command again.",
    );
  }
  if (process.platform === "win32") {
    fail("Cannot start: this is Windows, expected Linux or macOS.", "Use WSL or Docker there.");
  }
}

/**
 * Compares package-lock.json with npm's own record of what it installed, which it writes last: an
 * installation that was interrupted has none.
 */
function packagesAreComplete(development) {
  const record = join(projectRoot, "node_modules", ".package-lock.json");
  if (!existsSync(record) || !existsSync(ownNode)) return false;
  const wanted = readPackages(join(projectRoot, "package-lock.json"));
  const installed = readPackages(record);
  return Object.entries(wanted).every(([path, { version, dev, optional, devOptional }]) => {
    if (path === "" || optional || devOptional || (dev && !development)) return true;
    return installed[path]?.version === version;
  });
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

async function installPackages() {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  showProgress("Installing npm packages (about half a minute) ...");
  const timer = setInterval(
    () => showProgress(`Installing npm packages ... ${seconds()} s`),
    PROGRESS_INTERVAL_MS,
  );
  const { code, output } = await runNpmCi();
  clearInterval(timer);
  if (code !== 0) explainNpmFailure(code, output);
  showProgress(`Installed npm packages in ${seconds()} s.`);
  if (process.stderr.isTTY) process.stderr.write("\n");
}

function showProgress(text) {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
}

/** Runs `npm ci`. Engine warnings of packages that Node 24 will run are noise under Node 20. */
function runNpmCi() {
  return new Promise((resolve) => {
    const child = spawn("npm", ["ci", "--loglevel=error"], {
      cwd: projectRoot,
      env: { ...process.env, PATH: pathWithoutOwnBinaries() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** npm deletes node_modules: it must not run on the Node that lies in there. */
function pathWithoutOwnBinaries() {
  const own = join(projectRoot, "node_modules");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter);
}

/** The tools that the child starts say `#!/usr/bin/env node`: that is to be the own Node too. */
function pathWithOwnBinaries() {
  return [join(projectRoot, "node_modules", ".bin"), pathWithoutOwnBinaries()].join(delimiter);
}

/** What to do about the failures of npm that people meet, by a mark in its output. */
const NPM_REMEDIES = [
  [/spawn npm ENOENT/, "npm is not installed beside this Node. Install it (Debian: apt-get install npm)."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i,
    "The npm registry cannot be reached. Check the network, or set HTTPS_PROXY or `npm config set registry`.",
  ],
  [
    /CERT|SELF_SIGNED/,
    "The registry's certificate is not trusted. Set NODE_EXTRA_CA_CERTS to your proxy's CA file.",
  ],
  [/EACCES|EPERM/, `Files below ${projectRoot} cannot be written. Check who owns them.`],
  [/ENOSPC/, "The disk is full. The packages need about 500 MB."],
];

function explainNpmFailure(code, output) {
  const remedy = NPM_REMEDIES.find(([mark]) => mark.test(output));
  const lines = output.trimEnd().split("\n").slice(-NPM_OUTPUT_LINES_SHOWN);
  fail(
    `\nCannot install the npm packages: \`npm ci\` ended with code ${code}:`,
    ...lines.map((line) => `  ${line}`),
    remedy ? remedy[1] : "Run `npm ci` by hand to see more, then run the command again.",
  );
}

function fail(...lines) {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(1);
}

/** Becomes `command` as far as Node allows: same terminal, signals passed on, same ending. */
function runUntilExit(command, args) {
  // The channel carries nothing: its closing tells the child that this process is gone, even after SIGKILL.
  // Node keeps what it made of the TypeScript files: a start then takes less than half the time. And glibc keeps
  // one heap instead of one a thread: 10 to 30 MB less.
  const ours = {
    NODE_COMPILE_CACHE: join(projectRoot, "node_modules", ".cache", "node"),
    MALLOC_ARENA_MAX: "1",
  };
  const env = { ...ours, ...process.env, PATH: pathWithOwnBinaries() };
  const child = spawn(command, args, { env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on("error", (error) => fail(`Cannot run ${command}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** package.json says `exec node ...`, so that the parent is npm itself and no shell in between. */
function stopWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, PARENT_CHECK_INTERVAL_MS);
  timer.unref();
}
