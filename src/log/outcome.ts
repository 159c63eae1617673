/** How a call ended: with an answer, without one, or left by the client before its end. */
export type OutcomeStatus = "success" | "failure" | "cancelled";

/** Who reported: our callback, or LiteLLM's own logger of that name. */
export type OutcomeSource = "callback" | "generic_api";

/** What became of a call, as it was reported. Figures are in range, names are as the reporter wrote them. */
export interface Outcome {
  /** UUIDv7. */
  readonly decisionId: string;
  /** Milliseconds since 1970, by the reporter's clock; null where it said nothing. */
  readonly reportedMs: number | null;
  readonly status: OutcomeStatus;
  /** Name of the exception's class; null where the call succeeded. */
  readonly errorClass: string | null;
  readonly httpStatus: number | null;
  /** Method of the decision, `auto` for one. */
  readonly method: string | null;
  /** Model that the callback put in the request, or left there. */
  readonly appliedModel: string | null;
  /** Candidates that the caller may not use, in the order of the ladder. */
  readonly deniedModels: readonly string[];
  /** Model group that answered, or failed last. */
  readonly servedBy: string | null;
  /** Tokens; cached ones are among the prompt's, reasoning ones among the completion's. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly cachedTokens: number | null;
  /** USD as LiteLLM says, who takes a price that it does not know for 0. */
  readonly costUsd: number | null;
  readonly latencyMs: number | null;
  /** To the first token of a streamed answer. */
  readonly ttftMs: number | null;
  /** 0: the first model group answered. */
  readonly fallbackDepth: number | null;
  readonly retries: number | null;
  readonly finishReason: string | null;
  /** Names of the tools that the answer calls. */
  readonly toolCalls: readonly string[];
  readonly stream: boolean | null;
  /** LiteLLM answered from its own cache, which costs nothing. */
  readonly cacheHit: boolean | null;
  readonly litellmCallId: string | null;
  readonly source: OutcomeSource;
}
