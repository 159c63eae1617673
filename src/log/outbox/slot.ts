import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseSegmentName } from "./segment-name.ts";

/**
 * A folder of segments that this process alone writes to, as long as it lives and keeps this object: the lock goes
 * with it when it is collected.
 */
export interface Slot {
  readonly folder: string;
  /** Whether the folder is still the one that was taken: somebody may have deleted it. */
  isThere(): boolean;
  release(): void;
}

/** Sidecars that share one state folder. */
const MAX_SLOTS = 64;
/** SQLite's file locks are of the kernel: they end with the process, however it ends, also between containers. */
const LOCK_FILE = "lock";

/**
 * Takes the first folder that nobody uses: `<root>/1`, `<root>/2` and so on.
 *
 * @throws {Error} where the disk refuses, or all are in use.
 */
export function claimSlot(root: string): Slot {
  for (let number = 1; number <= MAX_SLOTS; number += 1) {
    const slot = tryClaim(join(root, String(number)));
    if (slot !== null) return slot;
  }
  throw new Error(`Cannot open the outbox: found ${MAX_SLOTS} folders in use under it, expected a free one`);
}

/**
 * Moves the segments of folders that nobody uses any more into ours. A folder that cannot be taken over does not
 * keep others from it.
 *
 * @param moved told the path of each file that was moved, at once.
 * @throws {Error} where the disk refuses one or more.
 */
export function takeOverSegments(root: string, own: Slot, moved: (path: string) => void): void {
  const folders = readdirSync(root)
    .filter((name) => /^\d{1,2}$/.test(name))
    .map((name) => join(root, name))
    .filter((folder) => folder !== own.folder);
  const errors = folders.flatMap((folder) => {
    try {
      if (segmentFiles(folder).length > 0) takeOver(folder, own, moved);
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (errors.length > 0) throw errors[0];
}

function takeOver(folder: string, own: Slot, moved: (path: string) => void): void {
  const left = tryClaim(folder);
  if (left === null) return;
  try {
    for (const file of segmentFiles(folder)) moved(moveFile(folder, own.folder, file));
  } finally {
    left.release();
  }
}

/** Names of the segment files in a folder, the oldest of each table first. */
export function segmentFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => parseSegmentName(file) !== null)
    .sort();
}

function moveFile(from: string, to: string, file: string): string {
  const path = join(to, file);
  renameSync(join(from, file), path);
  return path;
}

/** Takes a folder; null where another process has it. @throws {Error} where the disk refuses. */
export function tryClaim(folder: string): Slot | null {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const file = join(folder, LOCK_FILE);
  const lock = new DatabaseSync(file);
  try {
    // Nothing is ever written, not even a journal: a full disk can be locked too.
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return { folder, isThere: () => existsSync(file), release: () => lock.close() };
  } catch (error) {
    lock.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
