import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Slot, segmentFiles, tryClaim } from "./slot.ts";

/** The slots of an outbox, by whether a process writes to them. */
export interface Slots {
  /** Claimed: nobody else has them until they are released. */
  readonly idle: readonly Slot[];
  /** Segments in the folders of others, by the part of their names that stays the same. */
  readonly busySegments: ReadonlySet<string>;
}

/**
 * Claims all slots of an outbox that nobody uses, and notes the segments of the others.
 *
 * @param root of the outbox; one that does not exist has no slots.
 * @throws {Error} where the disk refuses.
 */
export function claimIdleSlots(root: string): Slots {
  const claimed = slotFolders(root).map((folder) => ({ folder, slot: tryClaim(folder) }));
  const idle = claimed.flatMap(({ slot }) => slot ?? []);
  const busy = claimed.filter(({ slot }) => slot === null).map(({ folder }) => folder);
  // Twice: a segment that is moved from one folder to another meanwhile is seen in one of them.
  const names = [...busy, ...busy].flatMap(segmentKeys);
  return { idle, busySegments: new Set(names) };
}

/** How often segments that are awaited are looked for, in milliseconds. */
const POLL_MS = 50;

/**
 * Waits until segments are gone: stored, or given up.
 *
 * @param segments as `claimIdleSlots` gives them.
 * @returns how many are still there after `timeoutMs`.
 */
export async function waitForSegments(
  root: string,
  segments: ReadonlySet<string>,
  timeoutMs: number,
): Promise<number> {
  const endMs = performance.now() + timeoutMs;
  const countLeft = () => {
    const present = new Set(slotFolders(root).flatMap(segmentKeys));
    return [...segments].filter((key) => present.has(key)).length;
  };
  let left = countLeft();
  while (left > 0 && performance.now() < endMs) {
    await sleep(POLL_MS);
    left = countLeft();
  }
  return left;
}

function slotFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => /^\d{1,2}$/.test(name))
    .map((name) => join(root, name));
}

/** A segment gets the number of its rows into its name when it is complete. */
function segmentKeys(folder: string): string[] {
  return segmentFiles(folder).map((file) => file.split(".", 1)[0] ?? file);
}
