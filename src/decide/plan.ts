import type { Strategy } from "../classify/verdict.ts";
import type { Mode, Pick } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import type { Candidate, Method, TraceStep } from "./decision.ts";

/** What a name's kind of routing came to, before the mode has its say. */
export interface Plan {
  readonly method: Method;
  readonly virtual: boolean;
  /** Eligible models in order; empty where none is. */
  readonly candidates: readonly Candidate[];
  readonly propensity: number;
  readonly pick: Pick;
  /** Lowest tier that may serve; null: any may. */
  readonly minTier: string | null;
  /** Mode of this request; null: the policy's. */
  readonly mode: Mode | null;
  readonly tier: string | null;
  /** Tier that would have served if none had been tried by lot; null where none was. */
  readonly exploredFrom: string | null;
  readonly strategy: Strategy | null;
  readonly score: number | null;
  readonly confidence: number | null;
  readonly reason: string;
  readonly steps: readonly TraceStep[];
}

/** Of what is not routed by how hard it is. */
export const UNCLASSIFIED = {
  minTier: null,
  mode: null,
  tier: null,
  exploredFrom: null,
  strategy: null,
  score: null,
  confidence: null,
} as const;

/** A model asked for by its own name is a promise: nothing is looked at. */
export function planPassthrough(request: RouteRequest, because: string): Plan {
  const candidate = {
    model: request.requestedModel,
    tier: null,
    eligible: true,
    refusal: null,
    estimatedCostUsd: null,
  };
  const reason = `served as asked: ${because}`;
  const shared = { method: "passthrough", virtual: false, candidates: [candidate], propensity: 1 } as const;
  return { ...shared, ...UNCLASSIFIED, pick: "first", reason, steps: [] };
}

/** The step in which models were looked at. */
export function candidatesStep(
  pick: Pick,
  { draw, policy }: Context,
  candidates: readonly Candidate[],
): TraceStep {
  // Another score may have led into a tier that is split, of which the place in it tells the model.
  const isSplit = pick === "weighted" || policy.tiers.some((tier) => tier.pick === "weighted");
  return { step: "candidates", pick, ...(isSplit && { draw }), candidates };
}
