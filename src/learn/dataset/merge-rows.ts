import type { ModelOutcome } from "../outcomes.ts";
import type { Need, TrainingRow } from "./training-row.ts";

/** Rows as they come, one for each text. */
export interface RowCollector {
  add(row: TrainingRow): void;
  /** Texts so far. */
  size(): number;
  rows(): TrainingRow[];
}

/**
 * Collects rows, one for each text: a request that comes a hundred times would otherwise count a hundred times, and be
 * on both sides of a split. What was said of it is put together: of a model the mean, of needs all.
 */
export function createRowCollector(): RowCollector {
  const byDigest = new Map<string, { readonly row: TrainingRow; readonly others: TrainingRow[] }>();
  return {
    add(row) {
      const found = byDigest.get(row.digest);
      if (found === undefined) byDigest.set(row.digest, { row, others: [] });
      // Their features are those of the first one.
      else found.others.push({ ...row, features: found.row.features });
    },
    size: () => byDigest.size,
    rows: () => Array.from(byDigest.values(), ({ row, others }) => merge(row, others)),
  };
}

function merge(row: TrainingRow, others: readonly TrainingRow[]): TrainingRow {
  if (others.length === 0) return row;
  const all = [row, ...others];
  return { ...row, outcomes: meanOutcomes(all), needs: strongestNeeds(all) };
}

function meanOutcomes(rows: readonly TrainingRow[]): Map<string, ModelOutcome> {
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
function strongestNeeds(rows: readonly TrainingRow[]): Need[] {
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
