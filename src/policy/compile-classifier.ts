import type { LlmConfig } from "../classify/llm/llm-config.ts";
import type { LoadedArtifact } from "../classify/ml/parse-artifact.ts";
import type { Floor, StaticConfig, StaticWeights } from "../classify/static-config.ts";
import { STATIC_DEFAULTS } from "../classify/static-defaults.ts";
import type { ClassifierConfig, CollectorConfig, EmbeddingConfig } from "./policy.ts";
import type { Routing, RoutingClassifier } from "./schema.ts";

/** The confidence below which a cascade asks where nothing was learned about it: scores of 35 to 65. */
const THRESHOLD = 0.3;
/** Default waits in milliseconds; BSGateway's 3.0 and 5.0 seconds. */
const LLM_TIMEOUT_MS = 3000;
/** Nothing answers faster, and the callback itself waits longer. */
const MIN_LLM_TIMEOUT_MS = 100;
const EMBEDDING_TIMEOUT_MS = 5000;

/** The classifier's settings. `isOff` tells that the URL of its LLM is not set. */
export function compileClassifier(
  section: RoutingClassifier,
  { isOff, loaded }: { readonly isOff: boolean; readonly loaded: LoadedArtifact | null },
): ClassifierConfig {
  return {
    strategy: section.strategy,
    static: compileStatic(section),
    ml: { loaded },
    llm: isOff ? null : compileLlm(section.llm),
    threshold: section.threshold ?? loaded?.cascadeConfidence ?? THRESHOLD,
  };
}

/** The log's settings. `isOff` tells that the URL of the embedding model is not set. */
export function compileCollector(section: Routing["collector"], isOff: boolean): CollectorConfig {
  return {
    enabled: section.enabled,
    storeText: section.store_text,
    retentionDays: section.retention_days,
    outboxMaxMb: section.outbox_max_mb,
    embedding: section.embedding === undefined || isOff ? null : compileEmbedding(section.embedding),
  };
}

/** What the file gives goes before the defaults; BSGateway lets the keys stand beside `strategy`. */
function compileStatic(section: RoutingClassifier): StaticConfig {
  const given = section.static ?? section;
  const defaults = STATIC_DEFAULTS;
  return {
    weights: given.weights === undefined ? defaults.weights : compileWeights(given.weights),
    tokenThresholds: given.token_thresholds ?? defaults.tokenThresholds,
    complexKeywords: given.complex_keywords ?? defaults.complexKeywords,
    simpleKeywords: given.simple_keywords ?? defaults.simpleKeywords,
    floors: given.floors?.map(compileFloor) ?? defaults.floors,
  };
}

type WeightsSection = NonNullable<RoutingClassifier["weights"]>;
type FloorSection = NonNullable<RoutingClassifier["floors"]>[number];

/** Signals by their key in the file. */
const SIGNALS: Readonly<Record<FloorSection["signal"], keyof StaticWeights>> = {
  token_count: "tokenCount",
  system_prompt: "systemPrompt",
  keyword_patterns: "keywordPatterns",
  conversation_length: "conversationLength",
  code_complexity: "codeComplexity",
  tool_usage: "toolUsage",
  reasoning: "reasoning",
};

function compileWeights(section: WeightsSection): StaticWeights {
  return {
    tokenCount: section.token_count,
    systemPrompt: section.system_prompt,
    keywordPatterns: section.keyword_patterns,
    conversationLength: section.conversation_length,
    codeComplexity: section.code_complexity,
    toolUsage: section.tool_usage,
    reasoning: section.reasoning,
  };
}

function compileFloor({ signal, at_least, score }: FloorSection): Floor {
  return { signal: SIGNALS[signal], atLeast: at_least, score };
}

function compileLlm(section: RoutingClassifier["llm"]): LlmConfig {
  const { api_key: key } = section;
  return {
    api: section.api,
    apiBase: section.api_base,
    model: section.api === "ollama" ? ollamaName(section.model) : section.model,
    apiKey: key === undefined ? null : () => key,
    timeoutMs: Math.max(MIN_LLM_TIMEOUT_MS, timeoutMs(section, LLM_TIMEOUT_MS)),
    maxShare: section.max_share,
    maxConcurrent: section.max_concurrent,
    inputCostPerToken: section.input_cost_per_token ?? null,
    outputCostPerToken: section.output_cost_per_token ?? null,
  };
}

function compileEmbedding(section: NonNullable<Routing["collector"]["embedding"]>): EmbeddingConfig {
  return {
    apiBase: section.api_base,
    model: ollamaName(section.model),
    maxChars: section.max_chars,
    timeoutMs: timeoutMs(section, EMBEDDING_TIMEOUT_MS),
  };
}

/** BSGateway names its model as LiteLLM does. */
const ollamaName = (model: string) => model.replace(/^ollama(?:_chat)?\//, "");

function timeoutMs(
  section: { readonly timeout_ms?: number | undefined; readonly timeout?: number | undefined },
  fallback: number,
): number {
  if (section.timeout_ms !== undefined) return section.timeout_ms;
  return section.timeout === undefined ? fallback : Math.round(section.timeout * 1000);
}
