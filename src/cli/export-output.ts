import { statSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { CliError, EXIT } from "./cli-error.ts";
import { openOutput } from "./file-streams.ts";

/** Where an export goes. */
export interface ExportOutput {
  readonly stream: Writable;
  /** What is being written, for people; a file that is not finished has a name of its own. */
  readonly name: string;
  /** To be called when all is written: only then the file gets its name. */
  finish(): Promise<void>;
}

/**
 * Opens an output; `-` is standard output. A file is FILE.partial until it is finished, so that what a broken
 * run leaves behind is never taken for the whole.
 *
 * @throws {CliError} where it cannot be written.
 */
export function openExportOutput(path: string): ExportOutput {
  if (path === "")
    throw new CliError(EXIT.misused, "Cannot write: found no name of a file, expected --out FILE");
  const found = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    throw new CliError(EXIT.misused, `Cannot write ${path}: found a directory, expected a file`);
  }
  const isPlainFile = path !== "-" && (found === undefined || found.isFile());
  return isPlainFile ? openFile(path) : openStream(path);
}

function openFile(path: string): ExportOutput {
  const name = `${path}.partial`;
  const stream = openOutput(name, null);
  const finish = async () => {
    stream.end();
    await finished(stream);
    await sync(name);
    await rename(name, path);
  };
  return { stream, name, finish };
}

/** Standard output, a device or a pipe: there is nothing to rename. */
function openStream(path: string): ExportOutput {
  const stream = openOutput(path, null);
  const finish = async () => {
    if (path === "-") return;
    stream.end();
    await finished(stream);
  };
  return { stream, name: path === "-" ? "standard output" : path, finish };
}

/** The name must not be on disk before the rows are. */
async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
