import { TooLongError } from "../../fetch/bounded-fetch.ts";
import type { NoOpinion } from "../opinion.ts";

/** Asking a model failed. The message holds nothing of the question, nor of what the model said. */
export class LlmFailure extends Error {
  override name = "LlmFailure";
  readonly kind: NoOpinion;

  constructor(kind: NoOpinion, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Tells what went wrong, whatever was thrown by a client or by fetch. */
export function toLlmFailure(error: unknown): LlmFailure {
  if (error instanceof LlmFailure) return error;
  const cause = error instanceof Error ? error : new Error("no error");
  if (cause.name === "TimeoutError")
    return new LlmFailure("timeout", "the LLM gave no answer in time", { cause });
  if (cause.name === "AbortError") return new LlmFailure("stopping", "the process is ending", { cause });
  if ("status_code" in cause) return refusal(Number(cause.status_code), { cause });
  if (cause instanceof SyntaxError || cause instanceof TooLongError) return unreadable({ cause });
  return new LlmFailure("unreachable", "the LLM cannot be reached", { cause });
}

/** The failure of an HTTP status. */
export function refusal(status: number, options?: ErrorOptions): LlmFailure {
  if (status === 404) return new LlmFailure("missing_model", "the LLM's server has no such model", options);
  return new LlmFailure("refused", `the LLM's server answered with status ${status}`, options);
}

/** The failure of an answer that is not of the expected form. */
export function unreadable(options?: ErrorOptions): LlmFailure {
  return new LlmFailure("unreadable", "the LLM gave an answer that cannot be read", options);
}
