import { appendFileSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A row that the database refuses, and why. */
export interface RefusedRow {
  readonly sqlState: string;
  readonly error: string;
  /** The row as it was in the outbox. */
  readonly line: string;
}

/** Refused rows that are kept for an operator, in bytes. */
const MAX_BYTES = 2 ** 30;

/**
 * Keeps a row that the database refuses in a file of lines `{at, sqlState, error, row}`.
 *
 * @throws {Error} where the file is full or cannot be written.
 */
export function quarantine(path: string, { sqlState, error, line }: RefusedRow): void {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size + line.length > MAX_BYTES) {
    throw new Error(`Cannot set a row aside: found ${path} full, expected it to be looked into and removed`);
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  const entry = { at: new Date().toISOString(), sqlState, error, row: parsed(line) };
  appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o640 });
}

/** What is no JSON is kept as the text that it is. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
