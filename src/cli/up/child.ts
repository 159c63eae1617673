import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { openChildLog } from "./child-log.ts";
import { createTail } from "./tail.ts";

/** How a child process ended: an exit code or a signal, and `error` where it never ran. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | null;
}

/** A running child process. */
export interface Child {
  readonly pid: number | undefined;
  /** Resolves when the process has ended and its output was read. */
  readonly ended: Promise<Ending>;
  /** The newest lines of its output. */
  lastLines(): readonly string[];
  /**
   * Asks the process and all it started to end, and after `graceMs` milliseconds kills them. Resolves when
   * the process has ended. Does nothing to one that has.
   */
  stop(graceMs: number): Promise<Ending>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** File that gets all output, appended. */
  readonly logFile?: string;
  /** Told once where that file cannot be written; the process goes on without it. */
  readonly onLogError?: (error: unknown) => void;
  /** Called with each line of output. */
  readonly onLine?: (line: string) => void;
}

/** Pause between a process's end and the end of waiting for output that a grandchild may hold open. */
const OUTPUT_GRACE_MS = 2_000;

/**
 * Starts a program in a process group of its own: Ctrl-C in the terminal does not reach it, so whoever
 * started it decides when and in which order things end, and a signal to the group leaves no orphan.
 */
export function startChild(options: ChildOptions): Child {
  const tail = createTail();
  const child = spawn(options.command, options.args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { logFile, onLogError = () => undefined } = options;
  const log = logFile === undefined ? undefined : openChildLog(logFile, onLogError);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.add(line);
      log?.write(line);
      options.onLine?.(line);
    });
  }
  let hasEnded = false;
  const ended = endingOf(child).finally(() => {
    hasEnded = true;
    log?.end();
  });
  return {
    pid: child.pid,
    ended,
    lastLines: tail.lines,
    // The id of a process that has ended may by now be another's.
    stop: (graceMs) => (hasEnded ? ended : stopGroup(child.pid, ended, graceMs)),
  };
}

function endingOf(child: ReturnType<typeof spawn>): Promise<Ending> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("close", (code, signal) => resolve({ code, signal, error: null }));
    child.once("exit", (code, signal) => {
      setTimeout(() => resolve({ code, signal, error: null }), OUTPUT_GRACE_MS).unref();
    });
  });
}

async function stopGroup(pid: number | undefined, ended: Promise<Ending>, graceMs: number): Promise<Ending> {
  if (pid === undefined) return ended;
  signalGroup(pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  const ending = await ended;
  clearTimeout(timer);
  // What the program itself started and left behind.
  signalGroup(pid, "SIGKILL");
  return ending;
}

/** Sends a signal to every process of a group; a group that is gone is no error. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Says how a process ended: "exit code 2", "signal SIGKILL", or why it never ran. */
export function describeEnding(ending: Ending): string {
  if (ending.error !== null) return ending.error.message;
  return ending.signal === null ? `exit code ${ending.code}` : `signal ${ending.signal}`;
}
