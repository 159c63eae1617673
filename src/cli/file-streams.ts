import { createReadStream, createWriteStream, openSync, statSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { CliError, EXIT } from "./cli-error.ts";

/** Stands for standard input or standard output. */
const STANDARD = "-";

/**
 * Opens a file to read; `-` is standard input.
 *
 * @throws {CliError} where it cannot be read.
 */
export function openInput(path: string): Readable {
  if (path === STANDARD) return process.stdin;
  return createReadStream("", { fd: openOrFail(path, "r") });
}

/**
 * Opens a file to write, empty; `-` is standard output.
 *
 * @param input the file that is read meanwhile, null where there is none: it must be another one.
 * @throws {CliError} where it cannot be written.
 */
export function openOutput(path: string, input: string | null): Writable {
  if (path === STANDARD) return process.stdout;
  if (input !== null && isSameFile(path, input)) {
    throw new CliError(
      EXIT.misused,
      `Cannot write ${path}: found the file that is read, expected another one`,
    );
  }
  return createWriteStream("", { fd: openOrFail(path, "w") });
}

function openOrFail(path: string, flags: "r" | "w"): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    const action = flags === "r" ? "read" : "write";
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.misused, `Cannot ${action} ${path}: ${found}`, { cause: error });
  }
}

/** Two paths lead to one regular file, by whatever links. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.isFile() && a.ino === b.ino && a.dev === b.dev;
}
