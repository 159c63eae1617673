import type { Group, Lineup } from "./lineup.ts";
import { numberKeys } from "./number-keys.ts";
import type { ModelOutcome } from "./outcomes.ts";
import type { CostBasis, Rung, Sample } from "./sample.ts";
import type { ScoredRow } from "./scored-row.ts";

/** Prompts on which every rung of a lineup has an outcome, and those outcomes. */
export interface Comparison {
  /** Parallel to the lists of `sample`. */
  readonly rows: readonly ScoredRow[];
  readonly sample: Sample;
}

/** Pairs prompts with what the rungs of a lineup reach on them; prompts that miss a rung are left out. */
export function compare(rows: readonly ScoredRow[], lineup: Lineup, tiers: number): Comparison {
  const met = rows.flatMap((row) => {
    const outcomes = meanOutcomes(row, lineup.rungsOf(row.suite));
    return outcomes === null ? [] : [{ row, outcomes }];
  });
  const outcomes = met.map((one) => one.outcomes);
  const compared = met.map(({ row }) => row);
  const sample = { ...toRungs(outcomes, tiers), ...numberGroups(compared), ...numberConversations(compared) };
  return { rows: compared, sample };
}

function meanOutcomes({ models }: ScoredRow, rungs: readonly Group[] | null): ModelOutcome[] | null {
  if (rungs === null) return null;
  const outcomes = rungs.map((group) => meanOutcome(group.flatMap((model) => models.get(model) ?? [])));
  const known = outcomes.filter((outcome) => outcome !== null);
  return known.length === rungs.length ? known : null;
}

function meanOutcome(outcomes: readonly ModelOutcome[]): ModelOutcome | null {
  if (outcomes.length === 0) return null;
  const quality = outcomes.reduce((sum, outcome) => sum + outcome.quality, 0) / outcomes.length;
  const costs = outcomes.flatMap(({ costUsd }) => costUsd ?? []);
  const costUsd = costs.reduce((sum, cost) => sum + cost, 0) / outcomes.length;
  return { quality, costUsd: costs.length === outcomes.length ? costUsd : null };
}

type Rungs = Pick<Sample, "size" | "weak" | "strong" | "rungs" | "costBasis">;

function toRungs(outcomes: readonly (readonly ModelOutcome[])[], tiers: number): Rungs {
  const hasAllTiers = outcomes.every((rungs) => rungs.length === tiers);
  const isPriced = outcomes.every((rungs) => rungs.every(({ costUsd }) => costUsd !== null));
  const costBasis = isPriced ? "usd" : "calls";
  const toRung = (position: number, calls: number) => rungAt(outcomes, { position, costBasis, calls });
  const [weak, strong] = [toRung(0, 0), toRung(-1, 1)];
  const count = hasAllTiers ? Math.max(0, tiers - 2) : 0;
  const between = Array.from({ length: count }, (_, i) => toRung(i + 1, (i + 1) / (count + 1)));
  return { size: outcomes.length, weak, strong, rungs: [weak, ...between, strong], costBasis };
}

function rungAt(
  outcomes: readonly (readonly ModelOutcome[])[],
  { position, costBasis, calls }: { position: number; costBasis: CostBasis; calls: number },
): Rung {
  return {
    quality: Float64Array.from(outcomes, (rungs) => rungs.at(position)?.quality ?? 0),
    cost: Float64Array.from(outcomes, (rungs) =>
      costBasis === "usd" ? (rungs.at(position)?.costUsd ?? 0) : calls,
    ),
  };
}

function numberGroups(rows: readonly ScoredRow[]): Pick<Sample, "groupOf" | "groups"> {
  const { numbers, count } = numberKeys(rows.map(({ suite, group }) => JSON.stringify([suite, group])));
  return { groupOf: numbers, groups: count };
}

/** A prompt that is of none is one of its own. */
function numberConversations(rows: readonly ScoredRow[]): Pick<Sample, "conversationOf"> {
  const { numbers } = numberKeys(rows.map(({ conversation }, at) => conversation ?? `alone ${at}`));
  return { conversationOf: numbers };
}
