import type { Segment } from "./segment.ts";

/** A segment is complete after so many bytes, */
const MAX_BYTES = 16 * 2 ** 20;
/** or after so many milliseconds where its rows are being stored: then it can go soon, */
const MAX_AGE_MS = 1_000;
/** or after so many where they are not: a day without the database is not to leave 86,400 files. */
const MAX_IDLE_MS = 3_600_000;

/** Whether a segment that is written to is to be completed before the next row. */
export function isDue(segment: Segment, nowMs: number): boolean {
  const maxAgeMs = segment.settledRows > 0 ? MAX_AGE_MS : MAX_IDLE_MS;
  return segment.bytes >= MAX_BYTES || ageMs(segment, nowMs) >= maxAgeMs;
}

/** Whether all of a segment is settled, for longer than stored texts should stay on the disk. */
export function isSpent(segment: Segment, nowMs: number): boolean {
  return segment.settledRows === segment.rows && ageMs(segment, nowMs) >= MAX_AGE_MS;
}

/** A clock that goes back makes it old too. */
function ageMs({ createdMs }: Segment, nowMs: number): number {
  return Math.abs(nowMs - createdMs);
}
