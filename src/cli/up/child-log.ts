import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Terminal } from "./terminal.ts";

/** The file that a child's output is kept in. */
export interface ChildLog {
  write(line: string): void;
  end(): void;
}

/** Appends to `file`. Where that fails, `onError` is told once, and what comes after is not kept. */
export function openChildLog(file: string, onError: (error: unknown) => void): ChildLog {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    onError(error);
    return { write: () => undefined, end: () => undefined };
  }
  // A stream that has failed takes further writes, and drops them.
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 }).once("error", onError);
  return { write: (line) => void stream.write(`${line}\n`), end: () => void stream.end() };
}

/** Says that a log cannot be written: the first time, not after each restart of the program. */
export function sayOnce(terminal: Terminal, file: string): (error: unknown) => void {
  let isSaid = false;
  return (error) => {
    const found = error instanceof Error ? error.message : String(error);
    if (!isSaid) terminal.line(`Cannot write ${file}: ${found}. What belongs there is not kept.`);
    isSaid = true;
  };
}
