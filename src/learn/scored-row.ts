import type { ModelOutcome } from "./outcomes.ts";

/** A prompt's outcomes with what every classifier says of it. The text itself is not kept. */
export interface ScoredRow {
  readonly suite: string;
  readonly group: string;
  /** UTF-16 code units of the prompt. */
  readonly length: number;
  /** Requests of one conversation are alike; left out where the prompt stands alone. */
  readonly conversation?: string;
  readonly models: ReadonlyMap<string, ModelOutcome>;
  /** One a classifier, in the order of the classifiers; higher = needs the strong model. */
  readonly scores: readonly number[];
  /** Place of the tier that each would have served from, 0 = the cheapest; left out where the score alone says it. */
  readonly tiers?: readonly number[];
}
