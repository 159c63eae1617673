import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CliError, EXIT } from "./cli-error.ts";
import { openInput } from "./file-streams.ts";

/**
 * Opens a file, unpacked where its name ends in `.gz`, to be read line by line; `-` is standard input.
 *
 * @throws {CliError} where the file cannot be opened; what it gives throws one where it cannot be read.
 */
export function readLines(path: string): AsyncGenerator<string> {
  if (/\.csv(?:\.gz)?$/i.test(path)) {
    throw new CliError(EXIT.misused, `Cannot read ${path}: found CSV, expected JSON lines`);
  }
  return linesOf(path, openText(path));
}

async function* linesOf(path: string, text: Readable): AsyncGenerator<string> {
  try {
    yield* splitLines(text);
  } catch (error) {
    throw asReadError(path, error);
  }
}

/** Lines end with LF and nothing else: a JSON text may hold the other line separators of Unicode as they are. */
export async function* splitLines(text: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of text) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/**
 * Opens a text file in UTF-8, unpacked where its name ends in `.gz`; `-` is standard input.
 *
 * @throws {CliError} where the file cannot be opened.
 */
export function openText(path: string): Readable {
  if (/\.parquet$/i.test(path)) {
    throw new CliError(EXIT.misused, `Cannot read ${path}: found Parquet, expected JSON lines`);
  }
  const file = openInput(path);
  // What goes wrong is thrown where the text is read.
  const text = /\.gz$/i.test(path) ? pipeline(file, createGunzip(), () => {}) : file;
  return text.setEncoding("utf8");
}

/** What to throw where reading a file failed: a {@link CliError} that names it, and of other errors themselves. */
export function asReadError(path: string, error: unknown): unknown {
  if (error instanceof CliError || !(error instanceof Error && "code" in error)) return error;
  return new CliError(EXIT.misused, `Cannot read ${path}: ${error.message}`, { cause: error });
}
