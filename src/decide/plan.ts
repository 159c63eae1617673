import type { Strategy } from "../classify/verdict.ts";
import type { AliasTarget, Pick, Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { type ConversationTier, tierOfConversation } from "./conversation.ts";
import type { Candidate, Method, TraceStep } from "./decision.ts";
import { assess, assessOnlyKnown, type Rung } from "./eligible.ts";
import { climb, distinct, fallbackTier } from "./ladder.ts";
import { pickOrder } from "./pick.ts";

/** What a name's kind of routing came to, before the mode has its say. */
export interface Plan {
  readonly method: Method;
  readonly virtual: boolean;
  /** Eligible models in order; empty where none is. */
  readonly candidates: readonly Candidate[];
  readonly propensity: number;
  readonly pick: Pick;
  readonly tier: string | null;
  readonly strategy: Strategy | null;
  readonly score: number | null;
  readonly confidence: number | null;
  readonly reason: string;
  readonly steps: readonly TraceStep[];
}

const UNCLASSIFIED = { tier: null, strategy: null, score: null, confidence: null } as const;

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

/** An alias names a model, a pool of models, or an objective over the whole ladder. */
export function planAlias(
  request: RouteRequest,
  target: Exclude<AliasTarget, { kind: "auto_route" }>,
  context: Context,
): Plan {
  const { rungs, pick, words } = openAlias(target, context);
  const looked = (target.kind === "model" ? assessOnlyKnown : assess)(rungs, request, context);
  const eligible = looked.filter((candidate) => candidate.eligible);
  const weights = target.kind === "pool" ? target.models : [];
  const { candidates, propensity } = pickOrder(eligible, { pick, weights, draw: context.draw });
  const reason = `"${request.requestedModel}" is an alias of ${words}`;
  const steps: TraceStep[] = [{ step: "candidates", pick, candidates: looked }];
  const shared = { method: "alias", virtual: true, candidates: distinct(candidates), propensity } as const;
  return { ...shared, ...UNCLASSIFIED, pick, reason, steps };
}

function openAlias(
  target: Exclude<AliasTarget, { kind: "auto_route" }>,
  { policy }: Context,
): { readonly rungs: readonly Rung[]; readonly pick: Pick; readonly words: string } {
  switch (target.kind) {
    case "model":
      return { rungs: [{ model: target.model, tier: null }], pick: "first", words: `"${target.model}"` };
    case "pool": {
      const rungs = target.models.map(({ model }) => ({ model, tier: null }));
      return { rungs, pick: target.pick, words: `a pool, ordered by ${target.pick}` };
    }
    case "objective": {
      const tiers = target.pick === "quality" ? [...policy.tiers].reverse() : policy.tiers;
      const rungs = tiers.flatMap((tier) => tier.models.map(({ model }) => ({ model, tier: tier.name })));
      // For quality the ladder itself is the order: the dearest tier first.
      const pick = target.pick === "quality" ? "first" : target.pick;
      return { rungs, pick, words: `the whole ladder, ordered by ${target.pick}` };
    }
    default:
      return target satisfies never;
  }
}

/** Everything else is routed by how hard the request is. */
export function planAuto(request: RouteRequest, method: "auto" | "pattern", context: Context): Plan {
  const found = tierOfConversation(request, context.policy, context.classify);
  const tier = found?.tier ?? fallbackTier(context.policy);
  const reason = found === null ? fallbackReason(tier) : tierReason(found, context);
  const ladder = climb(tier, request, context);
  const [first] = ladder.candidates;
  const moved = first !== undefined && first.tier !== tier.name;
  return {
    method: found === null ? "fallback" : method,
    virtual: true,
    candidates: ladder.candidates,
    propensity: ladder.propensity,
    pick: tier.pick,
    tier: first?.tier ?? tier.name,
    strategy: found?.verdict.strategy ?? null,
    score: found?.verdict.score ?? null,
    confidence: found?.verdict.confidence ?? null,
    reason: moved ? `${reason}; no model of ${tier.name} can take it, so ${first.tier} does` : reason,
    steps: [
      ...classifySteps(found, context),
      { step: "tier", tier: tier.name, because: reason },
      { step: "candidates", pick: tier.pick, candidates: ladder.looked },
    ],
  };
}

function fallbackReason(tier: Tier): string {
  return `no human turn to classify, so the fallback tier ${tier.name} serves`;
}

function tierReason(found: ConversationTier, { instead }: Context): string {
  const { tier, verdict, turnsBack } = found;
  const range = `${tier.name} (${tier.low}-${tier.high})`;
  const score = verdict.score.toFixed(1);
  // The score is that of the newest turn with a signal, which is not always the newest turn.
  const scored = found.turns.findIndex((turn) => turn !== null);
  const words =
    turnsBack > Math.max(0, scored)
      ? `score ${score}, held in ${range} by the turn ${turnsBack} before`
      : `score ${score} is in ${range}`;
  return instead === null ? words : `${words}; ${instead}`;
}

function classifySteps(found: ConversationTier | null, context: Context): TraceStep[] {
  if (found === null) return [];
  const { strategy, score, confidence, signals } = found.verdict;
  const configured = context.policy.classifier.strategy;
  const { instead } = context;
  return [
    { step: "classify", strategy, configured, instead, score, confidence, signals },
    { step: "conversation", turns: found.turns, tier: found.tier.name },
  ];
}
