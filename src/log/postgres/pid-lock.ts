import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { processStart } from "./process-table.ts";

/** The process that holds a lock. */
interface Holder {
  readonly pid: number;
  /** When it started, so that another process with a reused id is not taken for it. */
  readonly start: string | null;
}

/**
 * Makes this process the only one that holds a lock file. A lock whose process is gone is taken over.
 *
 * @returns a function that lets go of the lock.
 * @throws {Error} where a living process holds it; `purpose` says what cannot be done, in the infinitive.
 */
export function holdPidLock(file: string, purpose: string): () => void {
  const holder: Holder = { pid: process.pid, start: processStart(process.pid) };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    if (!claim(draft, file)) takeOver({ draft, file, purpose });
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** A hard link appears with its content at once: nobody ever reads an empty lock. */
function claim(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function takeOver({ draft, file, purpose }: { draft: string; file: string; purpose: string }): void {
  const pid = livingHolder(file);
  if (pid === null) {
    rmSync(file, { force: true });
    if (claim(draft, file)) return;
  }
  throw new Error(
    `Cannot ${purpose}: found ${pid === null ? "another process" : `process ${pid}`} doing it, expected none. ` +
      "Stop that one first.",
  );
}

function livingHolder(file: string): number | null {
  try {
    const { pid, start }: Holder = JSON.parse(readFileSync(file, "utf8"));
    return start !== null && processStart(pid) === start ? pid : null;
  } catch {
    // Gone in between, or written by something else: no living process of ours holds it.
    return null;
  }
}
