/**
 * Settings of the static classifier: data, not code. Keys in gateway.yaml are the snake_case of these.
 * Each field that a file leaves out, and each single weight and threshold, keeps its default of
 * `STATIC_DEFAULTS`; a list that it gives replaces the default list.
 */
export interface StaticConfig {
  readonly weights: StaticWeights;
  /** Estimated tokens of a turn at which the token signal reads 35, 60 and 85. Ascending, above 0. */
  readonly tokenThresholds: { readonly low: number; readonly medium: number; readonly high: number };
  /**
   * Words and phrases that ask for a stronger model. Whole words, any case, English endings (-s, -ed, -ing)
   * included; a trailing `*` takes any ending; in scripts without spaces found anywhere.
   */
  readonly complexKeywords: readonly string[];
  /** Words and phrases that a small model can answer; written like the complex ones. */
  readonly simpleKeywords: readonly string[];
  readonly floors: readonly Floor[];
}

/** Weight of each signal, 0 and up; a signal's share in the score is its weight divided by the sum of all. */
export interface StaticWeights {
  readonly tokenCount: number;
  readonly systemPrompt: number;
  readonly keywordPatterns: number;
  readonly conversationLength: number;
  readonly codeComplexity: number;
  readonly toolUsage: number;
  /** What the wording asks for, by built-in words of many languages: lookup, work, design, proof. */
  readonly reasoning: number;
}

/** "A signal of at least `atLeast` lifts the score to at least `score`." All in 0..100. */
export interface Floor {
  readonly signal: keyof StaticWeights;
  readonly atLeast: number;
  readonly score: number;
}
