import type { Group, Lineup } from "../lineup.ts";
import type { ModelOutcome } from "../outcomes.ts";
import { WEAK_ONLY_WEIGHT } from "./label-weights.ts";
import type { NeedKind, TrainingRow } from "./training-row.ts";

/** Where a judgement is from, the surest first. */
type JudgementKind = "both models" | "weak model" | NeedKind;

/** A row with what a weak and a strong model are worth on it. */
export interface JudgedRow {
  readonly row: TrainingRow;
  /** 0..1. Where nobody knows what the strong model reaches, it counts as 1. */
  readonly weak: ModelOutcome;
  readonly strong: ModelOutcome;
  readonly weight: number;
  readonly kind: JudgementKind;
}

const SUREST: readonly NeedKind[] = ["tier", "feedback", "signal", "silence"];

/**
 * Says of each row what a weak and a strong model are worth on it, by the surest thing that was said of it: what both
 * reached, what the weak one reached, a tier that somebody named, feedback, signs. Rows without any are left out.
 *
 * @param lineup of a suite with a single model that one is the weak one.
 */
export function judgeRows(rows: readonly TrainingRow[], lineup: Lineup): JudgedRow[] {
  return rows.flatMap((row) => judge(row, lineup) ?? []);
}

function judge(row: TrainingRow, lineup: Lineup): JudgedRow | null {
  return judgeByModels(row, lineup) ?? judgeByNeed(row);
}

function judgeByModels(row: TrainingRow, lineup: Lineup): JudgedRow | null {
  const rungs = lineup.rungsOf(row.suite) ?? [[...row.outcomes.keys()]];
  const weak = meanOf(row, rungs[0] ?? []);
  const strong = rungs.length > 1 ? meanOf(row, rungs.at(-1) ?? []) : null;
  if (weak === null) return null;
  if (strong !== null) return { row, weak, strong, weight: 1, kind: "both models" };
  return { row, weak, strong: UNKNOWN_STRONG, weight: WEAK_ONLY_WEIGHT, kind: "weak model" };
}

const UNKNOWN_STRONG: ModelOutcome = { quality: 1, costUsd: null };

function meanOf({ outcomes }: TrainingRow, group: Group): ModelOutcome | null {
  const found = group.flatMap((model) => outcomes.get(model) ?? []);
  if (found.length === 0) return null;
  const costs = found.flatMap(({ costUsd }) => costUsd ?? []);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    quality: mean(found.map(({ quality }) => quality)),
    costUsd: costs.length === found.length ? mean(costs) : null,
  };
}

function judgeByNeed(row: TrainingRow): JudgedRow | null {
  // Where a model was tried, somebody did say something.
  const kinds = row.outcomes.size > 0 ? SUREST.filter((one) => one !== "silence") : SUREST;
  const kind = kinds.find((one) => row.needs.some((need) => need.kind === one));
  const needs = row.needs.filter((need) => need.kind === kind);
  const [surest] = needs.toSorted((a, b) => b.weight - a.weight);
  if (kind === undefined || surest === undefined) return null;
  const weak = { quality: 1 - surest.value, costUsd: null };
  return { row, weak, strong: UNKNOWN_STRONG, weight: surest.weight, kind };
}
