/** What one rung of the ladder reaches on each prompt: a model, or the mean of a group of models. */
export interface Rung {
  /** 0..1, one a prompt. */
  readonly quality: Float64Array;
  /** In the unit of the sample's `costBasis`, one a prompt. */
  readonly cost: Float64Array;
}

/** `usd`: what the calls cost. `calls`: not every price is known; a call counts 0 on the cheapest rung, 1 on the dearest, evenly between. */
export type CostBasis = "usd" | "calls";

/** Prompts with the outcome of every rung: arrays run alike, one entry a prompt. */
export interface Sample {
  readonly size: number;
  readonly weak: Rung;
  readonly strong: Rung;
  /** Cheapest first, one for each tier; its ends, `weak` and `strong`, alone where tiers have no rung each. */
  readonly rungs: readonly Rung[];
  readonly costBasis: CostBasis;
  /** Index of each prompt's group, 0..groups-1. A group is one kind of work. */
  readonly groupOf: Uint32Array;
  readonly groups: number;
  /**
   * Index of each prompt's conversation, which is drawn into a resample as a whole: its turns are alike. Left out where
   * each prompt stands alone.
   */
  readonly conversationOf?: Uint32Array;
}

/** How often each prompt counts: once, or as often as a resample drew it. */
export type Counts = Uint8Array;

/** Every prompt once. */
export function onceEach(size: number): Counts {
  return new Uint8Array(size).fill(1);
}
