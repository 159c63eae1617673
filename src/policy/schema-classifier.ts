import { STATIC_DEFAULTS } from "../classify/static-defaults.ts";
import { flag, integer, list, mapping, oneOf, real, seconds, share, text, url } from "./schema-parts.ts";

const weightsSchema = mapping({
  token_count: real(0, 100)
    .default(STATIC_DEFAULTS.weights.tokenCount)
    .describe("Length of the newest human turn."),
  system_prompt: real(0, 100)
    .default(STATIC_DEFAULTS.weights.systemPrompt)
    .describe("Length and wording of the system prompt."),
  keyword_patterns: real(0, 100)
    .default(STATIC_DEFAULTS.weights.keywordPatterns)
    .describe("Complex and simple keywords found."),
  conversation_length: real(0, 100)
    .default(STATIC_DEFAULTS.weights.conversationLength)
    .describe("Number of human turns."),
  code_complexity: real(0, 100)
    .default(STATIC_DEFAULTS.weights.codeComplexity)
    .describe("Code blocks and error traces."),
  tool_usage: real(0, 100)
    .default(STATIC_DEFAULTS.weights.toolUsage)
    .describe("Number of tools that the client offers."),
  reasoning: real(0, 100)
    .default(STATIC_DEFAULTS.weights.reasoning)
    .describe("Words that ask for reasoning or proof."),
}).refine((weights) => Object.values(weights).some((weight) => weight > 0), {
  error: "at least one weight above 0",
});

const THRESHOLD = [1, 100_000_000] as const;

const floorSchema = mapping({
  signal: oneOf([
    "token_count",
    "system_prompt",
    "keyword_patterns",
    "conversation_length",
    "code_complexity",
    "tool_usage",
    "reasoning",
  ]).describe("Name of the signal, as under `weights`."),
  at_least: real(0, 100).describe("Value of the signal from which on the floor holds."),
  score: real(0, 100).describe("The score is lifted to at least this."),
});

const hasOneTimeout = (section: { timeout?: number | undefined; timeout_ms?: number | undefined }) =>
  section.timeout === undefined || section.timeout_ms === undefined;

const ONE_TIMEOUT = { error: "`timeout_ms` or `timeout`, not both" };

const keywords = () => list(text("a keyword of 1 to 200 characters"), "a list of keywords").optional();

const staticKeys = {
  weights: weightsSchema
    .optional()
    .describe(
      "Weight of each signal; its share in the score is its weight divided by the sum of all. A weight left out keeps its default.",
    ),
  token_thresholds: mapping({
    low: integer(...THRESHOLD)
      .default(STATIC_DEFAULTS.tokenThresholds.low)
      .describe("Up to here a turn counts as short."),
    medium: integer(...THRESHOLD)
      .default(STATIC_DEFAULTS.tokenThresholds.medium)
      .describe("Up to here as medium."),
    high: integer(...THRESHOLD)
      .default(STATIC_DEFAULTS.tokenThresholds.high)
      .describe("Up to here as long, above as very long."),
  })
    .refine(({ low, medium, high }) => low < medium && medium < high, { error: "low < medium < high" })
    .optional()
    .describe("Estimated tokens of a turn, ascending."),
  complex_keywords: keywords().describe(
    "Words and phrases that ask for a stronger model; replace the built-in list.",
  ),
  simple_keywords: keywords().describe(
    "Words and phrases that a small model can answer; replace the built-in list.",
  ),
  floors: list(floorSchema, "a list of floors")
    .optional()
    .describe("Signals that alone lift the score; replace the built-in list."),
};

const STATIC_KEYS = ["weights", "token_thresholds", "complex_keywords", "simple_keywords", "floors"] as const;

/** `classifier`. BSGateway writes the static settings beside `strategy`: that is taken too. */
export const classifierSchema = mapping({
  strategy: oneOf(["static", "ml", "llm", "cascade"])
    .default("ml")
    .describe(
      "Which classifier scores a request: `static` by rules that you can set, `ml` trained on outcomes, `llm` by asking a model, `cascade` by `ml` and, where that is unsure, a model. Whatever fails, the next one decides: docs/classifiers.md.",
    ),
  static: mapping(staticKeys).optional().describe("Settings of the static classifier."),
  ml: mapping({
    artifact: text("the path of a file", 1000)
      .optional()
      .describe(
        "Path of the trained classifier, from the folder of this file on; the one that ships if left out.",
      ),
  })
    .prefault({})
    .describe("Settings of the trained classifier."),
  threshold: share(1)
    .optional()
    .describe(
      "`cascade` asks the LLM about verdicts that are less sure than this, 0..1. If left out, what `signalbox train` found, where the classifier in use was trained by it, else 0.3. The trained classifier's confidence is low where its score is near 50: 0.3 takes in 35 to 65. The static one tells none: there it is the distance of the score to the nearest border of tiers, 20 points or more being 1, so 0.3 means closer than 6 points.",
    ),
  llm: mapping({
    api: oneOf(["ollama", "openai"])
      .default("ollama")
      .describe(
        "`ollama`: Ollama's own API. `openai`: any endpoint with `/chat/completions`, LiteLLM for one; then name a model that this policy does not route.",
      ),
    api_base: url()
      .default("http://127.0.0.1:11434")
      .describe(
        "URL of Ollama, or of the endpoint up to `/chat/completions`, without user name and password. A variable that is not set switches this classifier off.",
      ),
    model: text("the name of a model")
      .default("qwen3:1.7b")
      .describe("Model that is asked. `ollama_chat/NAME` is NAME."),
    api_key: text("a key", 1000)
      .optional()
      .describe("Key of the endpoint where `api` is `openai`, as os.environ/NAME."),
    timeout_ms: integer(100, 600_000)
      .optional()
      .describe(
        "Longest wait for a decision in milliseconds; 3000 if left out. The callback waits SIGNALBOX_TIMEOUT_MS at most, 3500 unless set.",
      ),
    timeout: seconds(),
    max_share: share(1)
      .default(0.15)
      .describe(
        "Highest share of the auto-routed requests of a minute that `cascade` asks the model for, 0..1; one a minute is always asked, unless this is 0.",
      ),
    max_concurrent: integer(1, 64)
      .default(2)
      .describe(
        "Questions that are with the model at once; while all places are taken, nobody waits for one.",
      ),
    input_cost_per_token: real(0, 1)
      .optional()
      .describe("USD, where `api` is `openai`; LiteLLM tells the cost by itself."),
    output_cost_per_token: real(0, 1).optional().describe("USD, where `api` is `openai`."),
  })
    .refine(hasOneTimeout, ONE_TIMEOUT)
    .prefault({})
    .describe("Settings of the LLM classifier, where the strategy is `llm` or `cascade`."),
  ...staticKeys,
}).refine(
  (section) => section.static === undefined || !STATIC_KEYS.some((key) => section[key] !== undefined),
  {
    error: "the static settings either under `static` or beside `strategy`, not in both places",
  },
);

/** `collector`. */
export const collectorSchema = mapping({
  enabled: flag().default(true).describe("Whether decisions are logged at all."),
  store_text: oneOf(["none", "redacted", "full"])
    .default("redacted")
    .describe(
      "Text of requests in the log: none at all, with secrets and personal data masked, or as it is.",
    ),
  retention_days: integer(1, 36_500)
    .default(90)
    .describe("Days that rows are kept; whole days older than that are dropped."),
  outbox_max_mb: integer(1, 1_000_000)
    .default(16_384)
    .describe(
      "Most MB of rows that wait on the disk for the database; what comes when it is full is dropped and counted.",
    ),
  embedding: mapping({
    api_base: url()
      .default("http://127.0.0.1:11434")
      .describe(
        "URL of Ollama, without user name and password. A variable that is not set switches embeddings off.",
      ),
    model: text("the name of a model")
      .default("nomic-embed-text")
      .describe("Embedding model. `ollama/NAME` is NAME."),
    max_chars: integer(1, 1_000_000).default(1000).describe("Characters of a request that are embedded."),
    timeout_ms: integer(10, 600_000)
      .optional()
      .describe("Longest wait for an embedding in milliseconds; 5000 if left out."),
    timeout: seconds(),
  })
    .refine(hasOneTimeout, ONE_TIMEOUT)
    .optional()
    .describe(
      "Embeddings of the newest human turn as it is logged, made after the answer; off where this is left out. None with store_text none: there is no text.",
    ),
});
