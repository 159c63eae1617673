import { compare } from "./comparison.ts";
import { type EvaluationOptions, evaluateSet } from "./evaluate-set.ts";
import type { Lineup } from "./lineup.ts";
import type { ComparisonReport, ReportedLineup } from "./report.ts";
import type { ScoredRow } from "./scored-row.ts";

/**
 * Evaluates classifiers on all suites together and on each one.
 *
 * @param options.onSet called with what is measured next.
 * @returns null where no prompt has an outcome of every compared model.
 */
export function evaluateLineup(
  rows: readonly ScoredRow[],
  lineup: Lineup,
  options: EvaluationOptions & { readonly onSet?: (set: string) => void },
): ComparisonReport | null {
  const tiers = options.tiers.length;
  const { onSet = () => {} } = options;
  const bySuite = Map.groupBy(rows, ({ suite }) => suite);
  const pool = compare(rows, lineup, tiers);
  if (pool.sample.size === 0) return null;
  onSet("all suites");
  const pooled = evaluateSet(pool, options);
  const suites = [...bySuite].flatMap(([suite, members]) => {
    const comparison = compare(members, lineup, tiers);
    if (comparison.sample.size === 0) return [];
    onSet(suite);
    return [{ suite, ...evaluateSet(comparison, options) }];
  });
  const measured = new Set(suites.map(({ suite }) => suite));
  return {
    name: lineup.name,
    lineups: describeLineups([...measured], lineup),
    pooled,
    suites,
    leftOut: [...bySuite.keys()].filter((suite) => !measured.has(suite)),
  };
}

function describeLineups(suites: readonly string[], lineup: Lineup): ReportedLineup[] {
  const bySame = Map.groupBy(suites, (suite) => JSON.stringify(lineup.rungsOf(suite)));
  return [...bySame.values()].map((members) => ({
    suites: members,
    rungs: lineup.rungsOf(members[0] ?? "") ?? [],
  }));
}
