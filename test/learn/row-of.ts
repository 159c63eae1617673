import type { ScoredRow } from "../../src/learn/scored-row.ts";

interface RowOptions {
  readonly group?: string;
  readonly length?: number;
  readonly scores?: readonly number[];
  /** In USD, of each call; null where unknown. */
  readonly costs?: Readonly<Record<string, number | null>>;
}

/** A prompt on which each model reached a quality. */
export function rowOf(
  suite: string,
  qualities: Readonly<Record<string, number>>,
  { group = "g", length = 10, scores = [], costs = {} }: RowOptions = {},
): ScoredRow {
  const outcomes = Object.entries(qualities).map(
    ([model, quality]) => [model, { quality, costUsd: costs[model] ?? null }] as const,
  );
  return { suite, group, length, scores, models: new Map(outcomes) };
}
