import { z } from "zod";
import { CliError, EXIT } from "../cli-error.ts";
import { printable } from "../printable.ts";
import { type Child, describeEnding } from "./child.ts";
import { type ReadyCheck, waitUntilReady } from "./ready.ts";
import type { Terminal } from "./terminal.ts";

export interface Starting {
  readonly name: string;
  readonly child: Child;
  readonly check: ReadyCheck;
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly terminal: Terminal;
  /** Aborting ends the waiting with the signal's reason. */
  readonly signal: AbortSignal;
}

const STATUS_INTERVAL_MS = 1_000;
const LINES_SHOWN = 20;
const MAX_SHOWN_CHARS = 500;

/**
 * Waits until a service answers, and gives the seconds it took.
 *
 * @throws {CliError} with the last lines of its output, where it ends before or takes too long.
 */
export async function untilReady(starting: Starting): Promise<number> {
  const { name, child, check, terminal, timeoutMs } = starting;
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const status = setInterval(
    () => terminal.status(`${name} is starting ... ${seconds().toFixed(0)} s`),
    STATUS_INTERVAL_MS,
  );
  const gaveUp = new AbortController();
  const signal = AbortSignal.any([starting.signal, gaveUp.signal, AbortSignal.timeout(timeoutMs)]);
  const died = child.ended.then((ending) => gaveUp.abort(describeEnding(ending)));
  try {
    await waitUntilReady(check, signal);
    return seconds();
  } catch {
    starting.signal.throwIfAborted();
    if (gaveUp.signal.aborted) await died;
    throw new CliError(EXIT.failed, explain(starting, gaveUp.signal));
  } finally {
    clearInterval(status);
  }
}

function explain({ name, child, logFile, timeoutMs }: Starting, died: AbortSignal): string {
  const what = died.aborted ? `it ended with ${died.reason}` : `no answer after ${timeoutMs / 1000} s`;
  return [
    `Cannot start ${name}: ${what}. The end of its output:`,
    ...lastWords(child),
    `All of it: ${logFile}`,
  ].join("\n");
}

/** The newest lines of a child's output, JSON unfolded, indented and cut to what a terminal can show. */
export function lastWords(child: Child): readonly string[] {
  return child
    .lastLines()
    .flatMap(unfold)
    .map((line) => printable(line).trimEnd())
    .filter((line) => line !== "")
    .slice(-LINES_SHOWN)
    .map((line) => `  ${line.slice(0, MAX_SHOWN_CHARS)}`);
}

const jsonLine = z.object({ level: z.union([z.string(), z.number()]), message: z.string() });

/** A traceback in a JSON line has its lines back; what is only information is left out. */
function unfold(line: string): readonly string[] {
  try {
    const { level, message } = jsonLine.parse(JSON.parse(line));
    return level === "INFO" ? [] : message.split("\n");
  } catch {
    return [line];
  }
}
