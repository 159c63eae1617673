import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CliError, EXIT } from "./cli-error.ts";
import { isSameFile } from "./file-streams.ts";

/** Where a classifier goes that was given no name; its date follows, and a number where that is taken. */
const DEFAULT_NAME = "artifacts/own";

/** Where a classifier will be written, proved to be writable. */
export interface TrainOutput {
  /**
   * Writes it: a server may read the file at any moment, so it appears whole or not at all.
   *
   * @returns the name that it has now.
   * @throws {CliError} where it cannot be written.
   */
  write(text: string): string;
  /** Removes the draft; what was written stays. */
  discard(): void;
}

/** What a classifier must not be written over. */
interface Kept {
  /** The classifier that gateway.yaml uses. */
  readonly inUse: string;
  readonly gateway: string;
  /** What is learned from, where that is a file. */
  readonly data?: string | undefined;
}

/**
 * Opens FILE.partial, so that training does not begin where its result could not be kept. A name that is given may
 * be that of a file; else the classifier gets one that is free, as `artifacts/own-2026-01-31.json`.
 *
 * @param out name that was given, undefined where none was
 * @param options.date day of the training, `2026-01-31`
 * @throws {CliError} where it cannot be written, or `out` is a file that must be kept.
 */
export function openTrainOutput(
  out: string | undefined,
  { date, kept }: { readonly date: string; readonly kept: Kept },
): TrainOutput {
  const name = out ?? `${DEFAULT_NAME}-${date}.json`;
  const draft = `${out ?? `${DEFAULT_NAME}.json`}.partial`;
  if (out !== undefined) refuseKept(out, kept);
  orFail(name, () => {
    mkdirSync(dirname(draft), { recursive: true });
    writeFileSync(draft, "");
  });
  return {
    write: (text) =>
      orFail(name, () => {
        writeFileSync(draft, text);
        const path = out ?? takeFreeName(`${DEFAULT_NAME}-${date}`);
        renameSync(draft, path);
        return path;
      }),
    discard: () => rmSync(draft, { force: true }),
  };
}

function refuseKept(out: string, { inUse, gateway, data }: Kept): void {
  const found = orFail(out, () => statSync(out, { throwIfNoEntry: false }));
  if (found === undefined) return;
  if (!found.isFile()) throw refusal(out, "found something that is no regular file, expected a file");
  if (isSameFile(out, inUse)) {
    throw refusal(
      out,
      `found the classifier that ${gateway} uses, expected another name. Written over, the new one would come into ` +
        "force with the ranges of the old one, and there would be no way back. Leave --out out or give the new " +
        `one a name of its own; if it is better, name it in ${gateway}`,
    );
  }
  if ([gateway, data].some((path) => path !== undefined && isSameFile(out, path)))
    throw refusal(out, "found a file that is read, expected another one");
}

/** Two trainings may end at the same moment: who makes the file has the name. */
function takeFreeName(stem: string): string {
  for (let count = 1; ; count += 1) {
    const path = `${stem}${count === 1 ? "" : `-${count}`}.json`;
    if (isMade(path)) return path;
  }
}

/** @returns false where something has that name. */
function isMade(path: string): boolean {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function orFail<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw refusal(
      path,
      `${found}, expected a folder where files can be made: --out names another one`,
      error,
    );
  }
}

function refusal(path: string, problem: string, cause?: unknown): CliError {
  return new CliError(EXIT.misused, `Cannot write ${path}: ${problem}`, { cause });
}
