import type { Category } from "../classify/category/categories.ts";
import type { LlmConfig } from "../classify/llm/llm-config.ts";
import type { LoadedArtifact } from "../classify/ml/parse-artifact.ts";
import type { StaticConfig } from "../classify/static-config.ts";
import type { ConfiguredStrategy } from "../classify/verdict.ts";
import type { Rule } from "./rule.ts";

/** What is done with a decision: serve it, only log it, or neither. */
export type Mode = "enforce" | "shadow" | "off";

/** `strict`: a key must be allowed the target. `virtual_name`: being allowed the virtual name is enough. */
export type Access = "strict" | "virtual_name";

/** How the order within a pool of models is chosen. */
export type Pick = "first" | "cost" | "latency" | "quality" | "balanced" | "weighted";

/** Picks that weigh cost, quality and latency against each other. */
export type ScoredPick = Exclude<Pick, "first" | "weighted">;

/** What each part of a candidate's score counts; the three add up to 1. */
export interface PickWeights {
  readonly cost: number;
  readonly quality: number;
  readonly latency: number;
}

/** What the file says of a model beyond what LiteLLM knows of it. */
export interface ModelTraits {
  /** 0..100, higher is better; null where it is to be told by tier and price. */
  readonly quality: number | null;
  /** Kinds of work for which a pool prefers it. */
  readonly specialties: readonly Category[];
  /** Whether it runs on hardware of one's own; null where its provider tells. */
  readonly local: boolean | null;
}

/** One rung of the ladder. */
export interface Tier {
  readonly name: string;
  /** Lowest score of the tier, an integer in 0..100. */
  readonly low: number;
  /** Highest score as configured. The tier covers [low, next tier's low); the last one is closed at 100. */
  readonly high: number;
  /** Models in order, at least one. */
  readonly models: readonly WeightedModel[];
  readonly pick: Pick;
  /** What belongs into it, in words; null where the file says nothing. */
  readonly description: string | null;
}

/** A model of a pool, with its share where the pool is split by weight. */
export interface WeightedModel {
  readonly model: string;
  /** Relative share, above 0; 1 where the file gives none. */
  readonly weight: number;
}

/** Where an alias leads once every hop is followed. */
export type AliasTarget =
  | { readonly kind: "auto_route"; readonly via: readonly string[] }
  | { readonly kind: "model"; readonly model: string; readonly via: readonly string[] }
  | { readonly kind: "objective"; readonly pick: Pick; readonly via: readonly string[] }
  | {
      readonly kind: "pool";
      readonly models: readonly WeightedModel[];
      readonly pick: Pick;
      readonly via: readonly string[];
    };

/** A glob that was compiled when the policy was loaded. */
export interface Glob {
  readonly source: string;
  readonly matches: (name: string) => boolean;
}

/** Phrases that were compiled when the policy was loaded. */
export interface Phrases {
  readonly list: readonly string[];
  /** The first phrase of a text; null where it holds none. */
  readonly find: (text: string) => FoundPhrase | null;
}

/** A phrase of a text. */
export interface FoundPhrase {
  /** As it is configured, in lower case. */
  readonly phrase: string;
  /** What the text says beside it. */
  readonly rest: string;
}

/** A name of model_list with a `*` in it, and what serves it. */
interface Wildcard extends Glob {
  /** `litellm_params.model` of its entry, for instance `openai/*`. */
  readonly deployment: string;
}

/** A model_list entry, as far as routing needs it: keys and URLs are thrown away unread. */
export interface ModelEntry {
  readonly name: string;
  /** `litellm_params.model`, for instance `openai/gpt-5-mini`. */
  readonly deployment: string;
  readonly info: Readonly<Record<string, unknown>>;
}

type StoreText = "none" | "redacted" | "full";

export interface EmbeddingConfig {
  readonly apiBase: string;
  readonly model: string;
  readonly maxChars: number;
  readonly timeoutMs: number;
}

export interface CollectorConfig {
  readonly enabled: boolean;
  readonly storeText: StoreText;
  readonly retentionDays: number;
  readonly outboxMaxMb: number;
  /** null: no embeddings. */
  readonly embedding: EmbeddingConfig | null;
}

export interface ClassifierConfig {
  readonly strategy: ConfiguredStrategy;
  readonly static: StaticConfig;
  readonly ml: {
    /** The trained classifier; null where there is none that can be used, and none is needed. */
    readonly loaded: LoadedArtifact | null;
  };
  /** null where its URL is unset: the classifier is switched off. */
  readonly llm: LlmConfig | null;
  /** Verdicts that are less sure than this are asked about where the strategy is `cascade`, 0..1. */
  readonly threshold: number;
}

/** Something in the file that deserves a word: an error stops the load, a warning does not. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** Path into the file, `routing.tiers.simple.score_range`; "" for the whole file. */
  readonly path: string;
  /** 1-based, null where unknown. */
  readonly line: number | null;
  /** What was found and what was expected. */
  readonly message: string;
}

/** To what share a policy applies; the rest is served as in shadow mode. */
interface RolloutConfig {
  /** 0..100. */
  readonly percent: number;
  readonly by: "conversation" | "key";
}

/** How a conversation moves between tiers. */
export interface ConversationConfig {
  /** Lower turns in a row before the tier comes down; 0 = never. */
  readonly downgradeAfter: number;
  /** Raise the tier by one for the turn that holds one. */
  readonly escalate: Phrases;
  /** So many identical asks in a row raise the tier by one, twice as many by two; 0 = never. */
  readonly repeatRaisesAfter: number;
  /** The tier comes down only where that is expected to save more than the prompt costs that is read anew. */
  readonly isCacheAware: boolean;
}

/** gateway.yaml, validated and compiled. Deeply readonly: a request takes one and uses only that. */
export interface Policy {
  /** Hex digest of what was loaded. */
  readonly revision: string;
  readonly mode: Mode;
  readonly access: Access;
  readonly fallbackTier: string;
  /** Whose headers may override the decision; a list names teams. */
  readonly allowOverrides: "all" | "none" | readonly string[];
  readonly unknownModel: "auto" | "passthrough";
  /** What savings of auto-routed requests are counted against; the first model of the dearest tier where the file names none. */
  readonly baselineModel: string;
  /** Cheapest first, at least one. */
  readonly tiers: readonly Tier[];
  readonly aliases: ReadonlyMap<string, AliasTarget>;
  /** The rest of the ladder goes to LiteLLM as the request's fallbacks. */
  readonly passFallbacks: boolean;
  readonly pickWeights: Readonly<Record<ScoredPick, PickWeights>>;
  /** A local model wins where its score is at least this share of the best one's, 0..1; null: it has no such advantage. */
  readonly preferLocal: number | null;
  /** By name of the model; those of which the file says nothing are missing. */
  readonly traits: ReadonlyMap<string, ModelTraits>;
  readonly patterns: readonly Glob[];
  /** model_list entries by exact name, wildcards not among them. The first deployment of a name stands for it. */
  readonly models: ReadonlyMap<string, ModelEntry>;
  /** Names in model_list with a `*`: LiteLLM's own wildcards, and the backings of patterns. */
  readonly wildcards: readonly Wildcard[];
  readonly externalModels: readonly Glob[];
  /** In the order of the file; the first that matches decides. */
  readonly rules: readonly Rule[];
  /** Request headers that the policy reads, lower case. */
  readonly headerNames: readonly string[];
  readonly classifier: ClassifierConfig;
  readonly conversation: ConversationConfig;
  /** null: the policy applies to every request. */
  readonly rollout: RolloutConfig | null;
  /** Share of the conversations in which a neighbouring tier is tried, 0..0.5. */
  readonly explore: number;
  readonly collector: CollectorConfig;
  /** Digest of the whole of `model_list`: where it changes, LiteLLM has to be restarted. No part of `revision`. */
  readonly modelListRevision: string;
  readonly warnings: readonly Problem[];
}
