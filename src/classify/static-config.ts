/** Settings of the static classifier: data, not code. Keys in gateway.yaml are the snake_case of these. */
export interface StaticConfig {
  readonly weights: StaticWeights;
  readonly tokenThresholds: { readonly low: number; readonly medium: number; readonly high: number };
  readonly complexKeywords: readonly string[];
  readonly simpleKeywords: readonly string[];
  readonly floors: readonly Floor[];
}

/** Share of each signal in the score, 0..1. */
export interface StaticWeights {
  readonly tokenCount: number;
  readonly systemPrompt: number;
  readonly keywordPatterns: number;
  readonly conversationLength: number;
  readonly codeComplexity: number;
  readonly toolUsage: number;
}

/** "A signal of at least `atLeast` lifts the score to at least `score`." All in 0..100. */
export interface Floor {
  readonly signal: keyof StaticWeights | "reasoning";
  readonly atLeast: number;
  readonly score: number;
}
