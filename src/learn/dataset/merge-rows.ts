import type { ModelOutcome } from "../outcomes.ts";
import type { Need, TrainingRow } from "./training-row.ts";

/** Rows as they come, one for each text. */
export interface RowCollector {
  add(row: TrainingRow): void;
  /** Texts so far. */
  size(): number;
  /** Where too many texts came, all but the last of them are forgotten. */
  isCut(): boolean;
  /** By the last time that each text came. */
  rows(): TrainingRow[];
}

/** A text: the newest row of it, and what was said of all. */
interface Collected {
  readonly row: TrainingRow;
  readonly told: Told[];
}

/**
 * Texts whose parts are kept, the last that came: enough to tell how far texts score above theirs, and without them a row
 * takes a third of the memory.
 */
const WITH_PARTS = 5_000;

type Told = Pick<TrainingRow, "outcomes" | "needs">;

/**
 * Collects rows, one for each text: a request that comes a hundred times would otherwise count a hundred times, and be
 * on both sides of a split. What was said of it is put together: of a model the mean, of needs all; the rest is its
 * newest row's.
 *
 * @param most texts that are kept.
 */
export function createRowCollector(most = Number.POSITIVE_INFINITY): RowCollector {
  const byDigest = new Map<string, Collected>();
  const recent = new Set<string>();
  let isCut = false;
  return {
    add(row) {
      const found = byDigest.get(row.digest);
      put(byDigest, row, found);
      // One that comes again is the last of them again.
      recent.delete(row.digest);
      recent.add(row.digest);
      if (recent.size > WITH_PARTS) forgetOldestParts(recent, byDigest);
      if (byDigest.size <= most) return;
      const [oldest = ""] = byDigest.keys();
      byDigest.delete(oldest);
      isCut = true;
    },
    size: () => byDigest.size,
    isCut: () => isCut,
    rows: () => Array.from(byDigest.values(), merge),
  };
}

function forgetOldestParts(recent: Set<string>, byDigest: Map<string, Collected>): void {
  const [digest = ""] = recent;
  recent.delete(digest);
  const found = byDigest.get(digest);
  if (found !== undefined) byDigest.set(digest, { ...found, row: { ...found.row, parts: [] } });
}

/** A row that is newer than those of its text takes their place, and is last from then on. */
function put(byDigest: Map<string, Collected>, row: TrainingRow, found: Collected | undefined): void {
  if (found === undefined) {
    byDigest.set(row.digest, { row, told: [row] });
    return;
  }
  const { outcomes, needs } = row;
  found.told.push({ outcomes, needs });
  if (row.atMs === null || found.row.atMs === null || row.atMs < found.row.atMs) return;
  byDigest.delete(row.digest);
  byDigest.set(row.digest, { row, told: found.told });
}

function merge({ row, told }: Collected): TrainingRow {
  return told.length === 1 ? row : { ...row, outcomes: meanOutcomes(told), needs: strongestNeeds(told) };
}

function meanOutcomes(rows: readonly Told[]): Map<string, ModelOutcome> {
  const entries = rows.flatMap(({ outcomes }) => [...outcomes]);
  const byModel = Map.groupBy(entries, ([model]) => model);
  const means = [...byModel].map(([model, told]) => {
    const costs = told.flatMap(([, { costUsd }]) => costUsd ?? []);
    const quality = mean(told.map(([, outcome]) => outcome.quality));
    return [model, { quality, costUsd: costs.length === 0 ? null : mean(costs) }] as const;
  });
  return new Map(means);
}

/** Of each kind one: its mean, and no more weight than the surest of it has. */
function strongestNeeds(rows: readonly Told[]): Need[] {
  const byKind = Map.groupBy(
    rows.flatMap(({ needs }) => needs),
    ({ kind }) => kind,
  );
  return [...byKind].map(([kind, needs]) => {
    const total = needs.reduce((sum, { weight }) => sum + weight, 0);
    const value = needs.reduce((sum, need) => sum + need.value * need.weight, 0) / total;
    return { kind, value, weight: Math.max(...needs.map(({ weight }) => weight)) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
