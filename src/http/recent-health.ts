import type { HealthRecord, ModelHealth } from "../decide/model-health.ts";

/** How old the figures may be that a decision is made with, in milliseconds: reading those of many models takes time. */
const MAX_AGE_MS = 200;

/** Reads how models did lately, at most 5 times a second. */
export function createRecentHealth(
  record: HealthRecord,
  now: () => number,
): () => ReadonlyMap<string, ModelHealth> {
  let atMs = Number.NEGATIVE_INFINITY;
  let health: ReadonlyMap<string, ModelHealth> = new Map();
  return () => {
    const nowMs = now();
    // A clock that was set back must not keep what is old.
    if (Math.abs(nowMs - atMs) >= MAX_AGE_MS) {
      atMs = nowMs;
      health = record.at(nowMs);
    }
    return health;
  };
}
