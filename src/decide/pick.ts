import type { Category } from "../classify/category/categories.ts";
import type { Pick, ScoredPick, WeightedModel } from "../policy/policy.ts";
import type { Candidate } from "./decision.ts";
import type { World } from "./eligible.ts";
import { scorePool } from "./pick-scores.ts";
import { isLocal, providerNames } from "./provider.ts";

/** A pool in the order in which it is to be tried. */
export interface Picked {
  readonly candidates: readonly Candidate[];
  /** Chance with which the first one came first, 1 where nothing was random. */
  readonly propensity: number;
  /** The chance of each model that could have come first. */
  readonly first: ReadonlyMap<string, number>;
}

/** How the models of a pool are ordered. */
export interface PickOptions {
  readonly pick: Pick;
  /** Shares for `weighted`, by model; a model without one counts 1. */
  readonly weights: readonly WeightedModel[];
  /** Kind of work of the request: specialists go first, but in splits by weight. null: they do not. */
  readonly category: Category | null;
  /** Provider whose models go first; null: none does. */
  readonly prefer: string | null;
  /** What a model costs, in USD, as far as models are compared by it; null where no price is known. */
  readonly costOf: (model: string) => number | null;
  readonly world: PickWorld;
}

/** What candidates are compared by. */
export interface PickWorld extends World {
  /** In [0, 1): where in splits by weight this request falls. */
  readonly draw: number;
}

/**
 * Orders the eligible models of one pool. They are compared, and split by weight, beside the refused ones: that another
 * model cannot take a request moves none that can.
 */
export function pickOrder(pool: readonly Candidate[], options: PickOptions): Picked {
  const groups = groupsOf(pool, options)
    .filter((group) => group.some(({ eligible }) => eligible))
    .map((group) => orderGroup(group, options));
  return {
    candidates: groups.flatMap(({ candidates }) => candidates),
    propensity: groups[0]?.propensity ?? 1,
    first: groups[0]?.first ?? new Map(),
  };
}

/** Those of the preferred provider ahead of all others, and within each the specialists. */
function groupsOf(
  pool: readonly Candidate[],
  { pick, category, prefer, world }: PickOptions,
): (readonly Candidate[])[] {
  if (prefer === null && category === null) return [pool];
  const { traits } = world.policy;
  const isPreferred = ({ model }: Candidate) =>
    prefer !== null && providerNames(model, world).includes(prefer);
  const isSpecialist = ({ model }: Candidate) =>
    category !== null && pick !== "weighted" && (traits.get(model)?.specialties.includes(category) ?? false);
  return split(pool, isPreferred).flatMap((half) => split(half, isSpecialist));
}

/** Those that come first, and the others, each in their order. */
export function split(pool: readonly Candidate[], isFirst: (candidate: Candidate) => boolean): Candidate[][] {
  return [pool.filter(isFirst), pool.filter((candidate) => !isFirst(candidate))];
}

function orderGroup(group: readonly Candidate[], options: PickOptions): Picked {
  const { pick } = options;
  switch (pick) {
    case "first":
      return certain(eligibleOf(group));
    case "weighted":
      return pickWeighted(group, options);
    case "cost":
    case "latency":
    case "quality":
    case "balanced":
      return certain(pickScored(group, pick, options));
    default:
      return pick satisfies never;
  }
}

function certain(candidates: readonly Candidate[]): Picked {
  const [head] = candidates;
  return { candidates, propensity: 1, first: new Map(head === undefined ? [] : [[head.model, 1]]) };
}

/** The highest score first, equal ones in the order of the file; a local model first where it comes near enough. */
function pickScored(
  group: readonly Candidate[],
  pick: ScoredPick,
  { world, costOf }: PickOptions,
): Candidate[] {
  const { pickWeights, preferLocal } = world.policy;
  const compared = group.map((candidate) => ({ ...candidate, estimatedCostUsd: costOf(candidate.model) }));
  const scores = scorePool(compared, pickWeights[pick], world);
  const scored = eligibleOf(group.map((candidate, index) => ({ ...candidate, scores: scores[index] })));
  const sorted = scored.sort((a, b) => (b.scores?.total ?? 0) - (a.scores?.total ?? 0));
  const local = preferLocal === null ? undefined : sorted.find(({ model }) => isLocal(model, world));
  const enough = (sorted[0]?.scores?.total ?? 0) * (preferLocal ?? 1);
  if (local === undefined || (local.scores?.total ?? 0) < enough) return sorted;
  return [local, ...sorted.filter((candidate) => candidate !== local)];
}

function pickWeighted(pool: readonly Candidate[], { weights, world }: PickOptions): Picked {
  const given = new Map(weights.map(({ model, weight }) => [model, weight]));
  const weightOf = ({ model }: Candidate) => given.get(model) ?? 1;
  const eligible = eligibleOf(pool);
  const total = sumOf(eligible, weightOf);
  const first = new Map(eligible.map((candidate) => [candidate.model, weightOf(candidate) / total]));
  const candidate = drawFrom(pool, weightOf, world.draw);
  if (candidate === undefined) return certain(eligible);
  const rest = eligible.filter((other) => other !== candidate);
  return { candidates: [candidate, ...rest], propensity: first.get(candidate.model) ?? 1, first };
}

/**
 * The eligible model that a draw falls on. One that falls on a refused model is drawn again among the eligible ones, by
 * where among the refused it fell: so each has its share of them, and keeps what was its own.
 */
function drawFrom(
  pool: readonly Candidate[],
  weightOf: (candidate: Candidate) => number,
  draw: number,
): Candidate | undefined {
  const at = draw * sumOf(pool, weightOf);
  let passed = 0;
  let refused = 0;
  for (const candidate of pool) {
    const weight = weightOf(candidate);
    if (at >= passed + weight) {
      passed += weight;
      refused += candidate.eligible ? 0 : weight;
      continue;
    }
    if (candidate.eligible) return candidate;
    const others = pool.filter(({ eligible }) => !eligible);
    return drawFrom(eligibleOf(pool), weightOf, (refused + at - passed) / sumOf(others, weightOf));
  }
  return undefined;
}

function sumOf(pool: readonly Candidate[], weightOf: (candidate: Candidate) => number): number {
  return pool.reduce((sum, candidate) => sum + weightOf(candidate), 0);
}

function eligibleOf(pool: readonly Candidate[]): Candidate[] {
  return pool.filter(({ eligible }) => eligible);
}
