import type { StaticConfig, StaticWeights } from "../classify/static-config.ts";
import type { Tier } from "./policy.ts";

/**
 * Highest value that each signal of the static classifier can have, 0..100. The tiers above what they can add
 * up to are never reached; too high a figure here costs a warning, too low a one gives a false one.
 */
const HIGHEST: Readonly<Record<keyof StaticWeights, number>> = {
  tokenCount: 85,
  systemPrompt: 100,
  keywordPatterns: 100,
  conversationLength: 70,
  codeComplexity: 100,
  toolUsage: 80,
  reasoning: 100,
};

/** Tiers that begin above the highest score that the weights and floors allow. */
export function unreachableTiers(tiers: readonly Tier[], config: StaticConfig): readonly Tier[] {
  const highest = highestScore(config);
  return tiers.filter((tier) => tier.low > highest);
}

/** Highest score of the static classifier with these settings, 0..100. */
export function highestScore({ weights, floors }: StaticConfig): number {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const points = Object.entries(HIGHEST).map(([signal, highest]) => highest * weightOf(weights, signal));
  const lifted = floors.filter(({ signal, atLeast }) => atLeast <= HIGHEST[signal]).map(({ score }) => score);
  return Math.min(100, Math.max(points.reduce((sum, value) => sum + value, 0) / total, ...lifted));
}

const weightOf = (weights: StaticWeights, signal: string) =>
  Object.entries(weights).find(([name]) => name === signal)?.[1] ?? 0;
