import type { Group } from "../lineup.ts";
import type { OutcomeLine } from "../outcomes.ts";

/** Models that stand for the cheap ones and for the strong ones in some suites. */
export interface ModelGroups {
  /** Suites whose name begins like this. */
  readonly suites: string;
  readonly weak: Group;
  readonly strong: Group;
}

/** What the outcomes of a prompt say of it. */
export interface OutcomeTargets {
  /** Mean failure of the cheap models, 0..1: the label that carries over to other models. */
  readonly weakFail: number;
  /** Mean of the strong models minus that of the cheap ones, -1..1. */
  readonly gain: number;
}

/** The targets of a prompt; null where no cheap or no strong model of its suite has an outcome. */
export function outcomeTargets(
  { suite, models }: Pick<OutcomeLine, "suite" | "models">,
  groups: readonly ModelGroups[],
): OutcomeTargets | null {
  const group = groups.find(({ suites }) => suite.startsWith(suites));
  if (group === undefined) return null;
  const [weak, strong] = [meanQuality(models, group.weak), meanQuality(models, group.strong)];
  return weak === null || strong === null ? null : { weakFail: 1 - weak, gain: strong - weak };
}

function meanQuality(models: OutcomeLine["models"], group: Group): number | null {
  const outcomes = group.flatMap((model) => models.get(model) ?? []);
  if (outcomes.length === 0) return null;
  return outcomes.reduce((sum, { quality }) => sum + quality, 0) / outcomes.length;
}
