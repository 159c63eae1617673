import fc from "fast-check";
import type { Sample } from "../../src/learn/sample.ts";

/** A prompt's outcomes, as tests write them. */
export interface Prompt {
  readonly weak: number;
  readonly strong: number;
  readonly group?: number;
  readonly weakCost?: number;
  readonly strongCost?: number;
}

/** A sample of prompts; a call costs 0 on the weak model and 1 on the strong one unless told. */
export function sampleOf(prompts: readonly Prompt[]): Sample {
  const weak = {
    quality: Float64Array.from(prompts, (prompt) => prompt.weak),
    cost: Float64Array.from(prompts, ({ weakCost = 0 }) => weakCost),
  };
  const strong = {
    quality: Float64Array.from(prompts, (prompt) => prompt.strong),
    cost: Float64Array.from(prompts, ({ strongCost = 1 }) => strongCost),
  };
  const groupOf = Uint32Array.from(prompts, ({ group = 0 }) => group);
  const groups = Math.max(...groupOf) + 1;
  return { size: prompts.length, weak, strong, rungs: [weak, strong], costBasis: "usd", groupOf, groups };
}

/** Prompts with a score each; the scores have ties. The strong model is better on average. */
export const scoredPrompts: fc.Arbitrary<readonly (Prompt & { readonly score: number })[]> = fc
  .array(
    fc.record({
      weak: fc.constantFrom(0, 0.25, 0.5, 1),
      strong: fc.constantFrom(0, 0.5, 0.75, 1),
      group: fc.integer({ min: 0, max: 2 }),
      weakCost: fc.integer({ min: 0, max: 3 }),
      strongCost: fc.integer({ min: 1, max: 9 }),
      score: fc.integer({ min: 0, max: 12 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .filter((prompts) => prompts.reduce((sum, { weak, strong }) => sum + strong - weak, 0) > 0.1);
