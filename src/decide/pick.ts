import type { Pick, WeightedModel } from "../policy/policy.ts";
import type { Candidate } from "./decision.ts";

/** A pool in the order in which it is to be tried. */
export interface Picked {
  readonly candidates: readonly Candidate[];
  /** Chance with which the first one came first, 1 where nothing was random. */
  readonly propensity: number;
}

export interface PickOptions {
  readonly pick: Pick;
  /** Shares for `weighted`, by model; a model without one counts 1. */
  readonly weights: readonly WeightedModel[];
  /** In [0, 1): where in the split by weight this request falls. */
  readonly draw: number;
}

/** Orders the eligible models of one pool. */
export function pickOrder(pool: readonly Candidate[], options: PickOptions): Picked {
  switch (options.pick) {
    // No latency is measured yet, so these keep the order of the file; the policy warns of it.
    case "first":
    case "latency":
    case "balanced":
      return { candidates: pool, propensity: 1 };
    case "cost":
      return { candidates: [...pool].sort(byCost), propensity: 1 };
    case "quality":
      return { candidates: [...pool].sort(byCostDescending), propensity: 1 };
    case "weighted":
      return pickWeighted(pool, options);
    default:
      return options.pick satisfies never;
  }
}

/** Models without a price come last, in the order of the file. */
function byCost(a: Candidate, b: Candidate): number {
  return (a.estimatedCostUsd ?? Number.MAX_VALUE) - (b.estimatedCostUsd ?? Number.MAX_VALUE);
}

/** The dearest first, for want of a better measure of quality; models without a price come last. */
function byCostDescending(a: Candidate, b: Candidate): number {
  return (b.estimatedCostUsd ?? -1) - (a.estimatedCostUsd ?? -1);
}

function pickWeighted(pool: readonly Candidate[], { weights, draw }: PickOptions): Picked {
  const weightOf = new Map(weights.map(({ model, weight }) => [model, weight]));
  const total = pool.reduce((sum, { model }) => sum + (weightOf.get(model) ?? 1), 0);
  let passed = 0;
  for (const candidate of pool) {
    const weight = weightOf.get(candidate.model) ?? 1;
    passed += weight;
    if (draw * total < passed) {
      const rest = pool.filter((other) => other !== candidate);
      return { candidates: [candidate, ...rest], propensity: weight / total };
    }
  }
  return { candidates: pool, propensity: 1 };
}
