import type { LlmTier } from "../../../src/classify/llm/llm-config.ts";

/** The usual three tiers. */
export const TIERS: readonly LlmTier[] = [
  { name: "simple", low: 0, high: 30, description: "facts" },
  { name: "medium", low: 31, high: 65, description: "explanations" },
  { name: "complex", low: 66, high: 100, description: "proofs" },
];
