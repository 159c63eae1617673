import type { Policy } from "../policy/policy.ts";
import { REQUESTS, rememberRecent } from "../request/recent.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { atAsk } from "./at-ask.ts";
import { estimateCachedTokens } from "./cached-tokens.ts";
import type { Catalog, CatalogModel } from "./catalog.ts";
import type { Candidate } from "./decision.ts";
import { lockOf } from "./history-lock.ts";
import { estimateInputTokens } from "./input-tokens.ts";
import type { ModelHealth } from "./model-health.ts";
import { isLocal } from "./provider.ts";
import { tokenCostUsd } from "./token-cost.ts";

/** Room that is left above the estimated input: the estimate is at most 15 % off on common texts. */
const CONTEXT_MARGIN = 1.15;
/** Output that a cost estimate assumes, in tokens, where the client sets no lower limit: a middling answer. */
export const EXPECTED_OUTPUT_TOKENS = 500;

/** A model of the ladder, not looked at yet. */
export interface Rung {
  readonly model: string;
  readonly tier: string | null;
}

/** What a model is judged by. */
export interface World {
  readonly policy: Policy;
  /** null before the callback has sent one: then every model of the policy counts as known. */
  readonly catalog: Catalog | null;
  /** How models did lately, by name; left out where nothing was measured. */
  readonly health?: ReadonlyMap<string, ModelHealth>;
  /** All models that may serve; left out where they are those of the tiers. */
  readonly pool?: readonly string[];
  /** Left out where nothing is limited. */
  readonly limits?: Limits;
  /** What is known of models already, whatever catalogue and health say; left out where nothing is. */
  readonly told?: ReadonlyMap<string, ToldFit>;
}

/** Whether a model can take the request, as it was found out before, or as is supposed. */
interface ToldFit {
  /** null: it can. */
  readonly refusal: string | null;
  readonly estimatedCostUsd: number | null;
  /** Left out where it is as much. */
  readonly askCostUsd?: number;
  /** It counts as able whatever the request may cost and last. */
  readonly isSupposed?: true;
}

/** What serves one request at the least, and what it may cost and last; null: whatever it is. */
interface Limits {
  readonly minTier: string | null;
  /** What asks for it, in words. */
  readonly minTierBecause: string | null;
  readonly maxCostUsd: number | null;
  readonly maxLatencyMs: number | null;
}

/** Why a model that failed several times in a row is not asked. */
export const RESTS = "it rests after failures in a row";

/** Says of each model of a ladder whether it can take the request, and what it would cost. */
export function assess(rungs: readonly Rung[], request: RouteRequest, world: World): Candidate[] {
  const sizes = sizesOf(request);
  const lock = lockOf(request.facts, world);
  const costOf = costAtAsk(request, world);
  return rungs.map(({ model, tier }) => {
    const told = world.told?.get(model);
    if (told !== undefined) return candidateOf({ model, tier }, told, { world, costOf });
    const entry = world.catalog?.models.get(model) ?? null;
    const estimatedCostUsd = estimateCostUsd(model, sizes, world);
    const refusal =
      refuseBelow(tier, world) ??
      (entry ? refuseUnfit(entry, request, sizes) : refuseUnknown(model, world)) ??
      (lock === null || lock.isOwn(model) ? null : `only ${lock.by} can read ${lock.what}`) ??
      refuseUnwell(model, costOf, world);
    const cost = costsOf(model, estimatedCostUsd, costOf);
    return { model, tier, eligible: refusal === null, refusal, ...cost, ...latencyOf(model, world) };
  });
}

/** What a model costs now, and at the newest human turn where that differs. */
function costsOf(
  model: string,
  estimatedCostUsd: number | null,
  costOf: (model: string) => number | null,
): Pick<Candidate, "estimatedCostUsd" | "askCostUsd"> {
  const askCostUsd = costOf(model);
  const differs = askCostUsd !== null && askCostUsd !== estimatedCostUsd;
  return differs ? { estimatedCostUsd, askCostUsd } : { estimatedCostUsd };
}

/** What a model would have cost at the newest human turn, in USD: what it is compared by, the same all through a tool loop. */
export function costAtAsk(request: RouteRequest, world: World): (model: string) => number | null {
  let sizes: Sizes | null = null;
  return (model) => {
    const told = world.told?.get(model);
    if (told !== undefined) return told.askCostUsd ?? told.estimatedCostUsd;
    sizes ??= sizesOf(atAsk(request));
    return estimateCostUsd(model, sizes, world);
  };
}

/** The same for models that were asked for by name, which is a promise: only unknown ones are refused. */
export function assessOnlyKnown(rungs: readonly Rung[], request: RouteRequest, world: World): Candidate[] {
  const sizes = sizesOf(request);
  return rungs.map(({ model, tier }) => {
    const told = world.told?.get(model);
    if (told !== undefined)
      return candidateOf({ model, tier }, { ...told, isSupposed: true }, { world, costOf: () => null });
    const refusal = world.catalog?.models.has(model) ? null : refuseUnknown(model, world);
    const estimatedCostUsd = estimateCostUsd(model, sizes, world);
    return { model, tier, eligible: refusal === null, refusal, estimatedCostUsd };
  });
}

function candidateOf(rung: Rung, { estimatedCostUsd, ...told }: ToldFit, by: Judged): Candidate {
  const { world, costOf } = by;
  const own = told.isSupposed
    ? null
    : (refuseBelow(rung.tier, world) ?? refuseUnwell(rung.model, costOf, world));
  const refusal = told.refusal ?? own;
  const cost = costsOf(rung.model, estimatedCostUsd, costOf);
  return { ...rung, eligible: refusal === null, refusal, ...cost, ...latencyOf(rung.model, world) };
}

function latencyOf(model: string, { health }: World): Pick<Candidate, "latencyMs"> {
  const latencyMs = health?.get(model)?.latencyMs ?? null;
  return latencyMs === null ? {} : { latencyMs };
}

interface Judged {
  readonly world: World;
  readonly costOf: (model: string) => number | null;
}

/** Tokens of a request, estimated. */
interface Sizes {
  readonly input: number;
  /** Of the input: those that the provider has in its cache. */
  readonly cached: number;
  readonly output: number;
}

const sizesOf: (request: RouteRequest) => Sizes = rememberRecent((request) => {
  const input = estimateInputTokens(request);
  const output = Math.min(request.maxOutputTokens ?? EXPECTED_OUTPUT_TOKENS, EXPECTED_OUTPUT_TOKENS);
  return { input, cached: estimateCachedTokens(request, input), output };
}, REQUESTS);

/** What must never be downgraded is not, whatever becomes of the dearer models. */
function refuseBelow(name: string | null, { policy: { tiers }, limits }: World): string | null {
  const floor = tiers.findIndex((tier) => tier.name === limits?.minTier);
  const at = tiers.findIndex((tier) => tier.name === name);
  // A model of no tier is served only where a rule names it.
  if (at < 0 || at >= floor) return null;
  return `below the floor of ${limits?.minTierBecause ?? limits?.minTier}`;
}

/** Of a model that the catalogue does not list. */
function refuseUnknown(model: string, { policy, catalog }: World): string | null {
  if (catalog === null) return null;
  const elsewhere = [...catalog.wildcards, ...policy.externalModels].some((glob) => glob.matches(model));
  return elsewhere ? null : "LiteLLM does not know it yet: restart LiteLLM to load it";
}

function refuseUnfit(entry: CatalogModel, request: RouteRequest, sizes: Sizes): string | null {
  const output = Math.min(request.maxOutputTokens ?? 0, entry.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  const needed = Math.ceil(sizes.input * CONTEXT_MARGIN) + output;
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

/** By how the model does, and by what the request may cost and last. */
function refuseUnwell(
  model: string,
  costOf: (model: string) => number | null,
  { health, limits }: World,
): string | null {
  const lately = health?.get(model);
  if (typeof lately?.coolUntilMs === "number") return RESTS;
  if (limits === undefined) return null;
  return refuseDear(limits, () => costOf(model)) ?? refuseSlow(limits, lately?.latencyMs ?? null);
}

function refuseDear({ maxCostUsd }: Limits, cost: () => number | null): string | null {
  if (maxCostUsd === null) return null;
  const costUsd = cost();
  if (costUsd === null) return `its price is not known, and $${maxCostUsd} is the most`;
  return costUsd > maxCostUsd ? `about $${costUsd.toPrecision(2)} is more than $${maxCostUsd}` : null;
}

/** A model that was not measured may be tried. */
function refuseSlow({ maxLatencyMs }: Limits, latencyMs: number | null): string | null {
  if (maxLatencyMs === null || latencyMs === null || latencyMs <= maxLatencyMs) return null;
  return `it took ${Math.round(latencyMs)} ms lately, more than ${maxLatencyMs}`;
}

/** By the catalogue's prices; a local model without a price costs nothing. */
function estimateCostUsd(model: string, { input, cached, output }: Sizes, world: World): number | null {
  const entry = world.catalog?.models.get(model);
  const costUsd = tokenCostUsd({ prompt: input, completion: output, cached }, entry);
  return costUsd ?? (isLocal(model, world) ? 0 : null);
}
