import type { Glob } from "../policy/policy.ts";

/** What LiteLLM says of one model group. */
export interface CatalogModel {
  readonly name: string;
  /** `litellm_params.model` of its first deployment. */
  readonly deployment: string | null;
  /** USD per token; null where no price is known. */
  readonly inputCostPerToken: number | null;
  readonly outputCostPerToken: number | null;
  /** Of tokens that the provider has in its cache. */
  readonly cachedInputCostPerToken: number | null;
  /** Tokens; null where unknown. */
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly supportsVision: boolean | null;
  readonly supportsFunctionCalling: boolean | null;
  readonly supportsResponseSchema: boolean | null;
  readonly supportsReasoning: boolean | null;
}

/** The models that LiteLLM serves, as the callback last reported them. */
export interface Catalog {
  readonly revision: string;
  /** By exact name; wildcards are under `wildcards`. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** LiteLLM's own wildcard names, `openai/*` for one. */
  readonly wildcards: readonly Glob[];
}
