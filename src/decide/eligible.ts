import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Catalog, CatalogModel } from "./catalog.ts";
import type { Candidate } from "./decision.ts";
import { estimateInputTokens } from "./input-tokens.ts";

/** Room that is left above the estimated input: the estimate is rarely more than a tenth off. */
const CONTEXT_MARGIN = 1.1;
/** Output that a cost estimate assumes, in tokens, where the client sets no lower limit: a middling answer. */
const EXPECTED_OUTPUT_TOKENS = 500;

/** A model of the ladder, not looked at yet. */
export interface Rung {
  readonly model: string;
  readonly tier: string | null;
}

/** Says of each model of a ladder whether it can take the request, and what it would cost. */
export function assess(rungs: readonly Rung[], request: RouteRequest, world: World): Candidate[] {
  const inputTokens = estimateInputTokens(request.facts);
  return rungs.map(({ model, tier }) => {
    const entry = world.catalog?.models.get(model) ?? null;
    const refusal = entry ? refuseUnfit(entry, request, inputTokens) : refuseUnknown(model, world);
    const estimatedCostUsd = entry && estimateCostUsd(entry, request, inputTokens);
    return { model, tier, eligible: refusal === null, refusal, estimatedCostUsd };
  });
}

/** The same for models that were asked for by name, which is a promise: only unknown ones are refused. */
export function assessOnlyKnown(rungs: readonly Rung[], request: RouteRequest, world: World): Candidate[] {
  const inputTokens = estimateInputTokens(request.facts);
  return rungs.map(({ model, tier }) => {
    const entry = world.catalog?.models.get(model) ?? null;
    const refusal = entry ? null : refuseUnknown(model, world);
    const estimatedCostUsd = entry && estimateCostUsd(entry, request, inputTokens);
    return { model, tier, eligible: refusal === null, refusal, estimatedCostUsd };
  });
}

/** What a model is judged by. */
export interface World {
  readonly policy: Policy;
  /** null before the callback has sent one: then every model of the policy counts as known. */
  readonly catalog: Catalog | null;
}

/** Of a model that the catalogue does not list. */
function refuseUnknown(model: string, { policy, catalog }: World): string | null {
  if (catalog === null) return null;
  const elsewhere = [...catalog.wildcards, ...policy.externalModels].some((glob) => glob.matches(model));
  return elsewhere ? null : "LiteLLM does not know it yet: restart LiteLLM to load it";
}

function refuseUnfit(entry: CatalogModel, request: RouteRequest, inputTokens: number): string | null {
  const output = Math.min(request.maxOutputTokens ?? 0, entry.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  const needed = Math.ceil(inputTokens * CONTEXT_MARGIN) + output;
  if (entry.maxInputTokens !== null && needed > entry.maxInputTokens) {
    return `about ${needed} tokens do not fit into its ${entry.maxInputTokens}`;
  }
  if (request.facts.images > 0 && entry.supportsVision === false) return "it reads no images";
  if (request.facts.toolNames.length > 0 && entry.supportsFunctionCalling === false)
    return "it calls no tools";
  if (request.structuredOutput && entry.supportsResponseSchema === false)
    return "it gives no structured output";
  return null;
}

function estimateCostUsd(entry: CatalogModel, request: RouteRequest, inputTokens: number): number | null {
  if (entry.inputCostPerToken === null || entry.outputCostPerToken === null) return null;
  const outputTokens = Math.min(request.maxOutputTokens ?? EXPECTED_OUTPUT_TOKENS, EXPECTED_OUTPUT_TOKENS);
  return inputTokens * entry.inputCostPerToken + outputTokens * entry.outputCostPerToken;
}
