import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "../../log/postgres/process-table.ts";
import type { Terminal } from "./terminal.ts";

const POLL_INTERVAL_MS = 500;

export interface FolderLockOptions {
  readonly terminal: Terminal;
  /** Aborting ends the waiting. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until no other process sets up the same folder, then keeps others out until the returned function
 * is called. A lock whose process is gone is taken over, also where another one has its id by now.
 */
export async function lockFolder(
  folder: string,
  name: string,
  { terminal, signal }: FolderLockOptions,
): Promise<() => void> {
  const file = join(folder, name);
  for (;;) {
    if (tryLock(file)) return () => rmSync(file, { force: true });
    const holder = livingHolder(file);
    if (holder === null) rmSync(file, { force: true });
    else {
      terminal.status(`Waiting for process ${holder}, which is setting up ${folder} ...`);
      await sleep(POLL_INTERVAL_MS, undefined, signal && { signal });
    }
  }
}

/** A hard link appears with its content at once, so nobody ever reads a lock without a process id. */
function tryLock(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${processStart(process.pid)}`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The id of the process that holds the lock; null where it is gone. */
function livingHolder(file: string): number | null {
  // When a process started has spaces in it on macOS.
  const [, pid = "", start = ""] = /^(\d+) (.+)$/.exec(readHolder(file)) ?? [];
  return start !== "" && processStart(Number(pid)) === start ? Number(pid) : null;
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
