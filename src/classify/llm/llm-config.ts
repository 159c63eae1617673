/** Settings of the LLM classifier. Keys in gateway.yaml are the snake_case of these. */
export interface LlmConfig {
  /** `ollama`: its own API. `openai`: any endpoint that has `/chat/completions`, a group of LiteLLM for one. */
  readonly api: "ollama" | "openai";
  readonly apiBase: string;
  readonly model: string;
  /** A function, so that no dump of a policy shows the key; null where none is sent. */
  readonly apiKey: (() => string) | null;
  /** What the callback waits for an answer in milliseconds; the model has a little less. */
  readonly timeoutMs: number;
  /** Highest share of the auto-routed requests of a minute that `cascade` asks the LLM for, 0..1. */
  readonly maxShare: number;
  /** Questions that are with the model at once. */
  readonly maxConcurrent: number;
  /** USD; null where the cost is not known. */
  readonly inputCostPerToken: number | null;
  readonly outputCostPerToken: number | null;
}

/** A tier as the model is told of it. */
export interface LlmTier {
  readonly name: string;
  /** Lowest and highest score, 0..100. */
  readonly low: number;
  readonly high: number;
  /** What belongs into it, in words. */
  readonly description: string;
}
