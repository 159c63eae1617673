import { expect } from "vitest";
import type { LogStatus } from "./sidecar-process.ts";

/** Looks whether every row that was taken is stored, waits or was counted as dropped. */
export function expectBalance({ decisions }: LogStatus): void {
  const { accepted, stored, waiting, dropped } = decisions;
  const given = Object.values(dropped).reduce((sum, rows) => sum + rows, 0);
  expect(stored + waiting + given, JSON.stringify(decisions)).toBe(accepted);
}

/**
 * Looks whether each decision that was answered is stored, once, and no more than `spare` others: those whose
 * answer was under way when the sidecar was killed.
 */
export function expectNothingLost(answered: readonly string[], stored: readonly string[], spare = 0): void {
  const inDatabase = new Set(stored);
  expect(stored.length - inDatabase.size, "decisions that are stored twice").toBe(0);
  const lost = answered.filter((id) => !inDatabase.has(id));
  expect(lost, "decisions that were answered and are not stored").toEqual([]);
  expect(new Set(answered).size, "an id that was given twice").toBe(answered.length);
  expect(stored.length - answered.length, "decisions that nobody asked for").toBeLessThanOrEqual(spare);
}
