import type { LlmTier } from "./llm/llm-config.ts";
import type { FastVerdict } from "./opinion.ts";

/** Distance to the nearest border of tiers, in points, from which on a score without a confidence counts as sure. */
const SURE_POINTS = 20;

/**
 * How sure a fast verdict is, 0..1: its own confidence, or, where its classifier gives none, how far its score is from
 * the nearest border between two tiers.
 */
export function surenessOf({ score, confidence }: FastVerdict, tiers: readonly LlmTier[]): number {
  if (confidence !== null) return confidence;
  const distances = tiers.slice(1).map(({ low }) => Math.abs(score - low));
  return Math.min(1, Math.min(...distances, SURE_POINTS) / SURE_POINTS);
}
