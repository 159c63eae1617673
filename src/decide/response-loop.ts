import type { Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import type { Candidate, TraceStep } from "./decision.ts";
import { assess } from "./eligible.ts";
import { boundTier } from "./ladder.ts";
import { type Picked, split } from "./pick.ts";
import { NO_STEERING, type Steering } from "./steering.ts";
import { writerOf } from "./writer.ts";

/** Whether a tool loop goes on with what wrote the response before, its human turn being with the provider. */
export type ResponseStep = Extract<TraceStep, { readonly step: "response" }>;

/** Why that model serves, for the reason of a decision. */
const GOES_ON = "no human turn, so what wrote the response before goes on";

/** How it is said that a header of the call does not want that model. */
export const OTHER_TIER = "asks for another tier";

/** A tool loop, and how it is to be decided; `steering` is null where what wrote before cannot go on. */
export interface Followed {
  readonly step: ResponseStep;
  readonly steering: Steering | null;
}

/**
 * Finds out whether a tool loop goes on with the model that wrote the response before. Rules are not asked again: of the
 * human turn that they were asked about nothing is sent. What a header of this very call asks for is heard.
 *
 * @param wished what the headers ask for.
 * @returns null where the request is no such loop.
 */
export function followWriter(request: RouteRequest, context: Context, wished: Steering): Followed | null {
  const model = writerOf(request, context.policy);
  if (model === null) return null;
  const { tiers } = context.policy;
  const homes = tiers.filter(({ models }) => models.some((entry) => entry.model === model));
  const tier = homes.find((home) => isWithin(home, wished, tiers)) ?? null;
  const isWished = tier !== null || (wished.tier === null && wished.minTier === null);
  const [assessed] = assess([{ model, tier: tier?.name ?? null }], request, context);
  const refusal = isWished ? (assessed?.refusal ?? null) : `${headerOf(wished)} ${OTHER_TIER}`;
  const steering: Steering = {
    ...NO_STEERING,
    by: "response",
    because: GOES_ON,
    model,
    tier: tier?.name ?? null,
  };
  return { step: { step: "response", model, refusal }, steering: refusal === null ? steering : null };
}

function isWithin(tier: Tier, { tier: asked, minTier }: Steering, tiers: readonly Tier[]): boolean {
  if (asked !== null && asked !== tier.name) return false;
  return boundTier(tier, { minTier, maxTier: null }, tiers) === tier;
}

function headerOf({ because, minTierBecause }: Steering): string {
  return because ?? minTierBecause ?? "a header";
}

/** What is said of a model that cannot go on, in words for the reason of the decision; empty where it can. */
export function leaveWriter({ model, refusal }: ResponseStep): string[] {
  return refusal === null ? [] : [`not ${model}, which wrote the response before: ${refusal}`];
}

/** An order of models in which what wrote the response before comes first. */
interface Ordered {
  readonly candidates: readonly Candidate[];
  readonly propensity: number;
  /** Of the response before; empty where no model of these wrote it. */
  readonly steps: readonly ResponseStep[];
  /** The same in words for the reason of the decision. */
  readonly remarks: readonly string[];
}

/** Has a tool loop go on with what wrote the response before, where that is one of the models that were looked at. */
export function writerFirst(
  model: string | null,
  { candidates, propensity }: Picked,
  looked: readonly Candidate[],
): Ordered {
  const writer = looked.find((candidate) => candidate.model === model);
  if (writer === undefined) return { candidates, propensity, steps: [], remarks: [] };
  const step: ResponseStep = { step: "response", model: writer.model, refusal: writer.refusal };
  if (!writer.eligible) return { candidates, propensity, steps: [step], remarks: leaveWriter(step) };
  const ordered = split(candidates, (candidate) => candidate.model === writer.model).flat();
  return { candidates: ordered, propensity: 1, steps: [step], remarks: [GOES_ON] };
}
