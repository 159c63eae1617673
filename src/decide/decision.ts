import type { Category } from "../classify/category/categories.ts";
import type { LanguageCode } from "../classify/language/language-codes.ts";
import type { Opinion } from "../classify/opinion.ts";
import type { Signal, Strategy } from "../classify/verdict.ts";
import type { Access, Mode, Pick } from "../policy/policy.ts";
import type { ReadNote, RouteRequest } from "../request/route-request.ts";
import type { CacheHold } from "./cache-hold.ts";
import type { Raise } from "./escalate.ts";
import type { RolloutGroup } from "./rollout.ts";

/** How the model was found. */
export const METHODS = ["passthrough", "alias", "pattern", "rule", "override", "auto", "fallback"] as const;
export type Method = (typeof METHODS)[number];

/** A model that was looked at, in the order of the ladder. */
export interface Candidate {
  readonly model: string;
  /** Its tier, null where it is in none. */
  readonly tier: string | null;
  readonly eligible: boolean;
  /** Why it is not eligible, null where it is. */
  readonly refusal: string | null;
  /** Estimated cost of this request on it in USD; null where no price is known. */
  readonly estimatedCostUsd: number | null;
  /** The same at the newest human turn, by which models are compared and limited; left out where it is as much. */
  readonly askCostUsd?: number;
  /** Moving average of its recent answers in milliseconds, as it counts in picks and limits; left out where none was measured. */
  readonly latencyMs?: number;
  /** How it compares with the other models of its pool; left out where the pick weighs nothing. */
  readonly scores?: PickScores | undefined;
}

/** How a model compares with the others of its pool: each part 0..1, 1 for the best; `total` is their weighted sum. */
export interface PickScores {
  readonly cost: number;
  readonly quality: number;
  readonly latency: number;
  readonly total: number;
}

/** A rule that would have matched but for one condition. */
export interface NearMiss {
  /** Name of the rule. */
  readonly rule: string;
  /** The condition that did not hold, by its key in the file. */
  readonly failed: string;
}

/** One step of a decision, in the order in which they ran. */
export type TraceStep =
  | { readonly step: "read"; readonly wire: string; readonly notes: readonly ReadNote[] }
  /** What the newest human turn is; left out where there is none. */
  | { readonly step: "kind"; readonly category: Category; readonly language: LanguageCode | null }
  | {
      readonly step: "resolve";
      readonly requested: string;
      readonly as: string;
      readonly because: string;
      readonly via: readonly string[];
    }
  /** All that moves by itself counts as it was when a tool loop began; left out where it counts as it is. */
  | { readonly step: "moment"; readonly at: string }
  /** Estimated input up to and including the newest human turn, in tokens: what chooses goes by it; left out where it is that of the request. */
  | { readonly step: "ask"; readonly inputTokens: number }
  | {
      readonly step: "overrides";
      /** Headers of the request that were followed. */
      readonly taken: readonly string[];
      /** Headers that were not, each with why. */
      readonly ignored: readonly string[];
    }
  | {
      readonly step: "rules";
      /** Names of the rules that matched, in the order of the file. */
      readonly matched: readonly string[];
      readonly near: readonly NearMiss[];
    }
  | {
      readonly step: "classify";
      readonly strategy: Strategy;
      readonly configured: string;
      /** Why another classifier than the configured one decided, null where it did. */
      readonly instead: string | null;
      readonly score: number;
      readonly confidence: number | null;
      readonly signals: readonly Signal[];
    }
  | ({ readonly step: "llm" } & Omit<Opinion, "verdict">)
  | {
      readonly step: "conversation";
      /** Newest first: tier of each human turn looked at, null where the turn has no signal. */
      readonly turns: readonly (string | null)[];
      readonly tier: string;
    }
  /** A step down was weighed against the prompt cache. */
  | ({ readonly step: "cache" } & CacheHold)
  /** The newest turn is served above what the conversation calls for. */
  | ({ readonly step: "raise" } & Raise)
  /** The tier was drawn by lot. */
  | {
      readonly step: "explore";
      readonly from: string;
      readonly to: string;
      /** All that could have been drawn. */
      readonly tiers: readonly { readonly tier: string; readonly chance: number }[];
      /** In [0, 1): another tier is tried where it is below the share of `explore`. */
      readonly draw: number;
      /** Chance of the chosen model over all of them. */
      readonly propensity: number;
    }
  /** Whether the policy serves this request while it is rolled out to a share. */
  | {
      readonly step: "rollout";
      readonly group: RolloutGroup;
      readonly percent: number;
      /** In [0, 1): the policy serves where it is below the share. */
      readonly draw: number;
    }
  | { readonly step: "tier"; readonly tier: string; readonly because: string }
  /** What wrote the response that a tool loop goes on from, its human turn being with the provider: it goes on, unless refused. */
  | { readonly step: "response"; readonly model: string; readonly refusal: string | null }
  /** A tool loop does not stay with the model that its human turn calls for, because that cannot go on. */
  | { readonly step: "loop"; readonly from: string; readonly to: string; readonly because: string }
  | {
      readonly step: "candidates";
      readonly pick: Pick;
      /** In [0, 1): where in a split by weight the request falls; left out where no tier is split. */
      readonly draw?: number;
      readonly candidates: readonly Candidate[];
    }
  /** The client asked for more tokens than the model answers with: the callback asks for as many as that. */
  | { readonly step: "output"; readonly model: string; readonly asked: number; readonly limit: number }
  | {
      readonly step: "mode";
      readonly mode: Mode;
      readonly rewrite: boolean;
    };

/** What is to be done with a request. Plain data; same request, policy, catalogue: same decision. */
export interface Decision {
  readonly requestedModel: string;
  /** The requested name is none of LiteLLM's own models: an alias, a pattern's match or an unknown name. */
  readonly virtual: boolean;
  /** The model to serve; the requested one where nothing is rewritten. */
  readonly model: string;
  /** The whole ladder in order, 1 to 16 models. */
  readonly candidates: readonly string[];
  /** Whether the callback is to rewrite `model`. */
  readonly rewrite: boolean;
  /** null where nothing was auto-routed. */
  readonly tier: string | null;
  readonly method: Method;
  /** Which classifier decided, null where none ran. */
  readonly strategy: Strategy | null;
  /** 0..100, null where no classifier ran. */
  readonly score: number | null;
  /** 0..1, null where the classifier gives none. */
  readonly confidence: number | null;
  readonly pick: Pick;
  readonly reason: string;
  readonly mode: Mode;
  readonly access: Access;
  readonly policyRevision: string;
  /** What the newest human turn asks for; null where there is none. */
  readonly category: Category | null;
  /** What it is written in; null where nothing tells it. */
  readonly language: LanguageCode | null;
  /** Estimated input of the request in tokens. */
  readonly inputTokens: number;
  /** Estimated cost of the chosen model in USD; null where no price is known. */
  readonly estimatedCostUsd: number | null;
  /** Cost of an LLM's answer that this request asked for, in USD; null where there is none, or none is known. */
  readonly classifierCostUsd: number | null;
  /** Model that would have served without routing by need: what savings are counted against. null where nothing was auto-routed. */
  readonly baselineModel: string | null;
  /** Chance with which the chosen model was chosen, 1 where nothing was random. */
  readonly propensity: number;
  /** Tier that would have served if none had been tried by lot; null where none was. */
  readonly exploredFrom: string | null;
  /** Group of the request while the policy is rolled out to a share; null where it is not. */
  readonly rollout: RolloutGroup | null;
  /** Output limits in tokens of those candidates where the catalogue gives one. */
  readonly maxOutputTokens: Readonly<Record<string, number>>;
  readonly trace: readonly TraceStep[];
}

/** What was read of a request's newest human turn, for training. */
export interface ReadFeatures {
  /** Which features these are. */
  readonly version: string;
  /** One number for each feature, in their order. */
  readonly numbers: ArrayLike<number>;
}

/** A decision as it is remembered. */
export interface DecisionRecord {
  /** UUIDv7, made here. */
  readonly id: string;
  readonly at: Date;
  readonly request: RouteRequest;
  readonly decision: Decision;
  /** null where there is no human turn. */
  readonly features: ReadFeatures | null;
  /** Revision of the classifier that was loaded, `static-2` for one. */
  readonly classifierRevision: string;
  /** Time that the decision took, in microseconds. */
  readonly decideUs: number;
}
