import { cutIntoRungs, type Group, type Lineup } from "../lineup.ts";
import { rankModels, suiteMeans } from "../rank-models.ts";
import type { TrainingRow } from "./training-row.ts";

/** Who is weak and who is strong of one's own models, or the models of which that cannot be told. */
export type OwnLineup =
  | { readonly lineup: Lineup; readonly untold: null }
  | { readonly lineup: null; readonly untold: Group };

/**
 * So many requests that all models were tried on tell who is weak, whatever the others were tried on. Judged: of two
 * models that are right on 60 % and 80 % of all requests, the weak one looks as good on 50 in one of sixty draws.
 */
const MIN_SHARED = 50;

/** Of one's own models none is broken, however weak. */
const NONE_BROKEN = 0;

/**
 * Finds the weak and the strong models of the labels. Where they are of different tiers, those of the cheapest against
 * those of the dearest. Else the weak third against the strong third, by their means over the requests that all of
 * them were tried on: a cheap model that gets what is easy has the better mean over its own. Suites with the same models
 * share their groups.
 *
 * @param tiers models of each tier of the policy, cheapest first.
 */
export function ownLineup(rows: readonly TrainingRow[], tiers: readonly Group[]): OwnLineup {
  const rungs = new Map<string, readonly Group[]>();
  for (const roster of rostersOf(rows)) {
    if (roster.models.length < 2) continue;
    const found = byTier(roster.models, tiers) ?? byMeans(roster);
    if (found === null) return { lineup: null, untold: roster.models };
    for (const { suite } of roster.rows) rungs.set(suite, found);
  }
  const lineup = { name: "weak < strong", rungsOf: (suite: string) => rungs.get(suite) ?? null };
  return { lineup, untold: null };
}

/** Suites of the same models. */
interface Roster {
  readonly models: Group;
  readonly rows: readonly TrainingRow[];
}

function rostersOf(rows: readonly TrainingRow[]): Roster[] {
  const labelled = rows.filter(({ outcomes }) => outcomes.size > 0);
  const suites = [...Map.groupBy(labelled, ({ suite }) => suite).values()].map((members) => {
    const models = new Set(members.flatMap(({ outcomes }) => [...outcomes.keys()]));
    return { models: [...models].sort(), rows: members };
  });
  const alike = Map.groupBy(suites, ({ models }) => JSON.stringify(models)).values();
  return Array.from(alike, (group) => ({
    models: group[0]?.models ?? [],
    rows: group.flatMap((suite) => suite.rows),
  }));
}

/** A model of several tiers counts for the cheapest of them. */
function byTier(models: Group, tiers: readonly Group[]): readonly Group[] | null {
  const found = Map.groupBy(models, (model) => tiers.findIndex((tier) => tier.includes(model)));
  const groups = [...found].filter(([at]) => at !== -1).sort(([one], [other]) => one - other);
  const [weak, strong] = [groups.at(0)?.[1], groups.at(-1)?.[1]];
  return weak === undefined || strong === undefined || weak === strong ? null : [weak, strong];
}

function byMeans({ models, rows }: Roster): readonly Group[] | null {
  const shared = rows.filter(({ outcomes }) => outcomes.size === models.length);
  if (shared.length < Math.min(MIN_SHARED, rows.length)) return null;
  const means = suiteMeans(shared.map(({ suite, outcomes }) => ({ suite, models: outcomes })));
  return cutIntoRungs(rankModels([...means.values()], NONE_BROKEN), 2);
}
