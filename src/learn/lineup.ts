import { type Means, rankModels, suiteMeans } from "./rank-models.ts";
import type { ScoredRow } from "./scored-row.ts";

/** Models that compete: for each suite the rungs, cheapest first, each a model or a group of which the mean counts. */
export interface Lineup {
  readonly name: string;
  /** At least two; null where the suite has too few models for a comparison. */
  readonly rungsOf: (suite: string) => readonly Group[] | null;
}

export type Group = readonly string[];

/** A model below this part of the best one's mean is broken on the data, not a cheap alternative. */
const LEAST_OF_BEST = 0.5;

/** Part of the models that makes the weak group, and the strong one. */
const END_SHARE = 1 / 3;

/** Named models, one a rung, cheapest first. */
export function namedLineup(models: readonly string[]): Lineup {
  const rungs = models.map((model) => [model]);
  return { name: models.join(" < "), rungsOf: () => rungs };
}

/**
 * The weak third against the strong third of the models, by mean quality. Suites with the same models share their
 * groups; there the mean of the suites' means counts, so that a large suite has no more say. Models under half of the
 * best one's mean take no part.
 *
 * @param tiers of the policy: what lies between the thirds is cut into the rungs of the tiers between.
 */
export function groupLineup(rows: readonly ScoredRow[], tiers: number): Lineup {
  const suites = suiteMeans(rows);
  const rosters = Map.groupBy(suites.keys(), (suite) => rosterOf(suites, suite));
  const rungs = new Map<string, readonly Group[] | null>();
  for (const members of rosters.values()) {
    const means = members.map((suite) => suites.get(suite) ?? new Map());
    const groups = cutIntoRungs(rankModels(means, LEAST_OF_BEST), tiers);
    for (const suite of members) rungs.set(suite, groups);
  }
  return { name: "weak third < strong third", rungsOf: (suite) => rungs.get(suite) ?? null };
}

function rosterOf(suites: ReadonlyMap<string, Means>, suite: string): string {
  return JSON.stringify([...(suites.get(suite)?.keys() ?? [])].sort());
}

/** The weak third and the strong third, and between them a rung for each tier between; null for a lone model. */
export function cutIntoRungs(ranked: readonly string[], tiers: number): readonly Group[] | null {
  if (ranked.length < 2) return null;
  const size = Math.max(1, Math.round(ranked.length * END_SHARE));
  const between = ranked.slice(size, ranked.length - size);
  const count = Math.max(0, tiers - 2);
  const cuts = Array.from({ length: count + 1 }, (_, i) => Math.round((i * between.length) / count));
  const middle =
    between.length < count ? [] : cuts.slice(1).map((end, i) => between.slice(cuts[i] ?? 0, end));
  return [ranked.slice(0, size), ...middle, ranked.slice(ranked.length - size)];
}
