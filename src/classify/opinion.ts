import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import type { Verdict } from "./verdict.ts";

/** Why an LLM that was to be asked gave no verdict. The first seven are its failures, the others say why it was not asked. */
export type NoOpinion =
  | "timeout"
  | "unreachable"
  | "missing_model"
  | "refused"
  | "unreadable"
  | "thinking"
  | "outside"
  | "starting"
  | "away"
  | "busy"
  | "share"
  | "no_time"
  | "stopping";

/** What came of asking an LLM about the newest human turn. */
export interface Opinion {
  /** null where there is none: the fast classifier's verdict stands. */
  readonly verdict: Verdict | null;
  readonly outcome: "decided" | NoOpinion;
  /** The outcome in words, with no text of the request: `qwen3:1.7b says medium`. */
  readonly words: string;
  /** `shared`: another request was asking the same at that moment. null where nothing was asked or found. */
  readonly from: "model" | "cache" | "shared" | null;
  /** Time that the request waited for it, in milliseconds. */
  readonly tookMs: number;
  /** Cost of the answer in USD; null where there was none, or none is known. */
  readonly costUsd: number | null;
}

/** What the fast classifier said of the newest human turn. */
export type FastVerdict = Pick<Verdict, "strategy" | "score" | "confidence">;

export interface Question {
  readonly request: RouteRequest;
  /** The newest human turn. */
  readonly turn: HumanTurn;
  readonly fast: FastVerdict;
  /** When the opinion is of no use any more, as `performance.now()` counts. */
  readonly untilMs: number;
}

/**
 * Asks an LLM where the policy wants that. An opinion that is known comes at once; null where the fast verdict is
 * good enough. Total: never throws, and a promise never rejects and settles before `untilMs`.
 */
export type Consult = (question: Question) => Opinion | Promise<Opinion> | null;
