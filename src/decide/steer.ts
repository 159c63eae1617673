import type { Tier } from "../policy/policy.ts";
import type { Rule } from "../policy/rule.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { combineSteering } from "./combine-steering.ts";
import type { Context } from "./context.ts";
import type { TraceStep } from "./decision.ts";
import { boundTier, findTier, tierOfModel } from "./ladder.ts";
import { readOverrides } from "./overrides.ts";
import { followWriter, leaveWriter } from "./response-loop.ts";
import { createRuleSubject } from "./rule-subject.ts";
import { matchRules } from "./rules.ts";
import { NO_STEERING, type Steering } from "./steering.ts";

/** What steers a decision, and how that was found. */
export interface Steered {
  readonly steering: Steering;
  /** The same without the floor of a header, for where no model from it on keeps the limits of the rules; null: it has to. */
  readonly lower: Steering | null;
  readonly steps: readonly TraceStep[];
  /** What was not followed, in words for the reason of the decision. */
  readonly remarks: readonly string[];
}

/**
 * Asks the headers of a request, and the rules of the policy, what they want of it; floors and ceilings of rules hold.
 * A tool loop whose human turn is with the provider goes on with what wrote before, for which they were asked at that turn.
 */
export function steer(request: RouteRequest, context: Context): Steered {
  const { tiers } = context.policy;
  const { steering: wished, taken, ignored } = readOverrides(request, context);
  const { steering: ruled, steps: ruleSteps } = askRules(request, context);
  const allowed = withinCeiling(wished, ruled, tiers);
  const combine = (own: Steering) => withinBounds(combineSteering(own, ruled, tiers), tiers);
  const steering = combine(allowed);
  const isLimited = ruled.maxCostUsd !== null || ruled.maxLatencyMs !== null;
  const unbound = isLimited ? combine({ ...allowed, minTier: null, minTierBecause: null }) : steering;
  const lower = unbound.minTier === steering.minTier ? null : unbound;
  const overrideSteps: TraceStep[] =
    taken.length + ignored.length === 0 ? [] : [{ step: "overrides", taken, ignored }];
  const steps = [...overrideSteps, ...ruleSteps];
  const lowered = allowed.minTier === wished.minTier ? [] : [lowerFloor(wished, ruled)];
  const remarks = [...ignored.map((words) => `ignored ${words}`), ...lowered];
  const writer = followWriter(request, context, withinRules(allowed, ruled, tiers));
  if (writer === null) return { steering, lower, steps, remarks };
  return {
    lower,
    steering: writer.steering === null ? steering : { ...writer.steering, mode: steering.mode },
    steps: [...steps, writer.step],
    remarks: [...remarks, ...leaveWriter(writer.step)],
  };
}

function askRules(request: RouteRequest, context: Context): Pick<Steered, "steering" | "steps"> {
  const { policy } = context;
  if (policy.rules.length === 0) return { steering: NO_STEERING, steps: [] };
  const { matched, near } = matchRules(policy.rules, createRuleSubject(request, context));
  const steering = matched
    .map(steeringOf)
    .reduce((first, second) => combineSteering(first, second, policy.tiers), NO_STEERING);
  const step: TraceStep = { step: "rules", matched: matched.map(({ name }) => name), near };
  return { steering, steps: [step] };
}

function steeringOf({ label, actions }: Rule): Steering {
  const { model, tier, minTier, maxTier, pick, mode, maxCostUsd, maxLatencyMs } = actions;
  const decides = model !== null || tier !== null;
  return {
    by: decides ? "rule" : null,
    because: decides ? label : null,
    model,
    tier,
    minTier,
    minTierBecause: minTier === null ? null : label,
    maxTier,
    maxTierBecause: maxTier === null ? null : label,
    pick,
    mode,
    maxCostUsd,
    maxLatencyMs,
    prefer: null,
    hint: null,
  };
}

/** Rules hold: a floor that a header asks for goes up to their ceiling. */
function withinCeiling(wished: Steering, { maxTier }: Steering, tiers: readonly Tier[]): Steering {
  const floor = findTier(wished.minTier, tiers);
  if (floor === null) return wished;
  return { ...wished, minTier: boundTier(floor, { minTier: null, maxTier }, tiers).name };
}

function lowerFloor({ minTierBecause }: Steering, { maxTier, maxTierBecause }: Steering): string {
  return `${minTierBecause} counts up to ${maxTier}, the ceiling of ${maxTierBecause}`;
}

/** What headers ask for, with the tier that they get. */
function withinRules(wished: Steering, ruled: Steering, tiers: readonly Tier[]): Steering {
  const tier = findTier(wished.tier, tiers);
  return tier === null ? wished : { ...wished, tier: boundTier(tier, ruled, tiers).name };
}

/** A model whose tiers all lie outside of the bounds gives way to the cheapest of them, which is moved into the bounds. */
function withinBounds(steering: Steering, tiers: readonly Tier[]): Steering {
  const tier = tierOfModel(steering.model, steering, tiers);
  if (tier === null || boundTier(tier, steering, tiers) === tier) return steering;
  return { ...steering, model: null, tier: tier.name };
}
