import type { PickWeights } from "../policy/policy.ts";
import type { Candidate, PickScores } from "./decision.ts";
import type { World } from "./eligible.ts";
import { qualitiesOf } from "./model-quality.ts";

/** Below a hundred-thousandth of a dollar a request, prices differ by nothing that a bill shows. */
const LEAST_COST_USD = 1e-5;
/** Latencies less than a quarter apart count as the same: averages move with each answer, and a pick should not. */
const LATENCY_STEP = 1.25;

/** A price or latency so many times the least of its pool gets no point, where none is further off. */
const LEAST_SPAN = 10;

/**
 * Scores the models of one pool against each other. Each part is in 0..1, and 1 for the best of the pool. Quality is the
 * own over the best. Cost and latency count by their logarithm: twice the price always costs the same points, and the
 * order of the dear models holds beside one that is nearly free. A model without a price gets 0 for cost; one without a
 * latency counts as the fastest, so that each is tried and measured.
 *
 * @returns the scores in the order of the pool.
 */
export function scorePool(pool: readonly Candidate[], weights: PickWeights, world: World): PickScores[] {
  const costs = shares(pool.map(costOf));
  const latencies = shares(pool.map(({ model }) => coarseLatency(model, world)));
  const qualities = qualitiesOf(pool, world);
  const best = Math.max(...qualities);
  return pool.map((_, index) => {
    const cost = costs[index] ?? 0;
    const quality = best > 0 ? (qualities[index] ?? 0) / best : 1;
    const latency = latencies[index] ?? 1;
    const total = weights.cost * cost + weights.quality * quality + weights.latency * latency;
    return { cost, quality, latency, total };
  });
}

function costOf({ estimatedCostUsd }: Candidate): number | null {
  return estimatedCostUsd === null ? null : Math.max(LEAST_COST_USD, estimatedCostUsd);
}

/** 1 for the smallest number, less by the logarithm of how many times it the others are; null where one is not known. */
function shares(numbers: readonly (number | null)[]): (number | null)[] {
  const known = numbers.filter((number) => number !== null);
  const least = Math.min(...known);
  const span = Math.log(Math.max(LEAST_SPAN, Math.max(...known) / least));
  return numbers.map((number) => (number === null ? null : 1 - Math.log(number / least) / span));
}

/** In milliseconds, rounded to a power of the step; null where no answer was measured. */
function coarseLatency(model: string, { health }: World): number | null {
  const latencyMs = health?.get(model)?.latencyMs ?? null;
  if (latencyMs === null) return null;
  return LATENCY_STEP ** Math.round(Math.log(Math.max(1, latencyMs)) / Math.log(LATENCY_STEP));
}
