import type { HumanTurn, RouteRequest } from "../request/route-request.ts";

/** A classifier that can be configured. */
export type ConfiguredStrategy = "static" | "ml" | "llm" | "cascade";

/** A classifier that decided. */
export type Strategy = "static" | "ml" | "llm";

/** One signal of a score, for the trace. */
export interface Signal {
  readonly name: string;
  /** The signal's own value, 0..100. */
  readonly raw: number;
  /** Share of the signal in the sum, 0..1; 0 for calibration and floors. */
  readonly weight: number;
  /** Points that it added to the score: raw × weight, or what calibration or a floor changed it by. All add up to the score. */
  readonly contribution: number;
  /** What was found, in words: "2 complex keywords: refactor, security audit". No text of the request but configured words. */
  readonly found: string;
}

/** What a classifier says of one human turn. */
export interface Verdict {
  readonly strategy: Strategy;
  /** 0..100, higher = needs a stronger model. */
  readonly score: number;
  /** 0..1, null where the classifier gives none. */
  readonly confidence: number | null;
  /** Worked out when it is asked for: most turns are only compared with each other. */
  readonly signals: () => readonly Signal[];
}

/** Scores one human turn within its request. Synchronous, pure, total: never throws. */
export type Classify = (request: RouteRequest, turn: HumanTurn) => Verdict;
