import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How to start a process, any number of times. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File that takes its output; appended to. */
  readonly logFile: string;
}

/** Time for a process to end by itself once it was asked to, in milliseconds. */
const endMs = 10_000;

/** Pause between two looks at a server that is starting, in milliseconds. */
const pollMs = 50;

/** Lines of a log that an error message shows. */
const shownLines = 60;

/** Processes that run; whatever ends this one ends them. */
const running = new Set<ChildProcess>();

/** Starts a process whose output goes to its log file. */
export function startChild(command: Command): ChildProcess {
  const log = openSync(command.logFile, "a");
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  if (running.size === 0 && !process.listeners("exit").includes(killAll)) process.once("exit", killAll);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Sends the signal and waits for the end; a process that does not end within 10 s is killed. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), endMs);
  await ended;
  clearTimeout(timer);
}

/** Whether the process is no more. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Waits until `GET url` answers 200. @throws where the process ends first, or nothing answers within `limitMs`. */
export async function waitForReady(
  child: ChildProcess,
  { url, logFile, limitMs }: { readonly url: string; readonly logFile: string; readonly limitMs: number },
): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  while (!(await answersOk(url))) {
    if (hasEnded(child))
      throw new Error(`Cannot wait for ${url}: its process has ended\n${logTail(logFile)}`);
    if (Date.now() > giveUpAt) throw new Error(`Cannot wait for ${url} any longer\n${logTail(logFile)}`);
    await delay(pollMs);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** The last lines of a log, under its name. */
export function logTail(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  return [`--- ${logFile}`, ...lines.slice(-shownLines)].join("\n");
}
