import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { atAsk } from "./at-ask.ts";
import type { Context } from "./context.ts";
import type { Candidate, Decision, Method, TraceStep } from "./decision.ts";
import { RESTS } from "./eligible.ts";
import { estimateInputTokens } from "./input-tokens.ts";
import { boundTier, fallbackTier } from "./ladder.ts";
import { type LoopStep, leaveLoop } from "./loop.ts";
import { outputLimits, outputSteps } from "./output-limits.ts";
import { type Plan, planPassthrough } from "./plan.ts";
import { planAlias } from "./plan-alias.ts";
import { planAuto } from "./plan-auto.ts";
import { type Resolution, resolve } from "./resolve.ts";
import { type RolloutGroup, rolloutGroup } from "./rollout.ts";
import { steer } from "./steer.ts";
import type { Steering } from "./steering.ts";
import { categoryOfTurn, languageOfTurn } from "./turn-kind.ts";

type TurnKind = Pick<Decision, "category" | "language">;

/** Decides where a request goes. Pure and total: same request, same context, same decision. */
export function decide(request: RouteRequest, context: Context): Decision {
  const { policy } = context;
  // 1. What the name is.
  const resolution = resolve(request, policy, context.catalog);
  // 2. The models that it leads to, in order, and whether a tool loop has to go elsewhere than it began.
  const planFor = (asked: RouteRequest, within: Context) => planToServe(asked, resolution, within);
  const planned = planFor(request, context);
  const served = withLoop(planned, leaveLoop(request, { served: planned, context }, planFor));
  const candidates = served.candidates.map(({ model }) => model);
  const model = candidates[0] ?? request.requestedModel;
  // 3. Whether that is served or only logged; what a rule only logs is so in both groups of a rollout.
  const isInNone = served.method === "passthrough" || served.mode === "shadow";
  const group = isInNone ? null : rolloutGroup(policy, context.draws);
  const mode = group === "control" ? "shadow" : (served.mode ?? policy.mode);
  const rewrite = mode === "enforce" && model !== request.requestedModel;
  const kind = kindOf(request, policy);
  const maxOutputTokens = outputLimits(served.candidates, context.catalog);
  return {
    requestedModel: request.requestedModel,
    virtual: served.virtual,
    model,
    candidates,
    rewrite,
    tier: served.tier,
    method: served.method,
    strategy: served.strategy,
    score: served.score,
    confidence: served.confidence,
    pick: served.pick,
    reason: reasonOf(served, mode),
    mode,
    access: policy.access,
    policyRevision: policy.revision,
    ...kind,
    inputTokens: estimateInputTokens(request),
    estimatedCostUsd: served.candidates[0]?.estimatedCostUsd ?? null,
    classifierCostUsd: context.opinion?.costUsd ?? null,
    baselineModel: isByNeed(served.method) ? policy.baselineModel : null,
    propensity: served.propensity,
    exploredFrom: served.exploredFrom,
    rollout: group,
    maxOutputTokens,
    trace: [
      { step: "read", wire: request.wire, notes: request.notes },
      ...kindSteps(kind),
      resolveStep(request, resolution),
      ...momentSteps(resolution, context),
      ...askSteps(request, resolution),
      ...served.steps,
      ...rolloutSteps(group, context),
      ...outputSteps(request, { model, rewrite, maxOutputTokens }),
      { step: "mode", mode, rewrite },
    ],
  };
}

/** A model that was asked for by its own name is served as asked in any mode, and its reason says so. */
function reasonOf({ method, reason }: Plan, mode: Decision["mode"]): string {
  return mode === "shadow" && method !== "passthrough" ? `shadow, served as asked: ${reason}` : reason;
}

/** What the newest human turn is; nothing is logged while the mode is off, and nothing is looked at. */
function kindOf(request: RouteRequest, { mode }: Policy): TurnKind {
  const turn = mode === "off" ? undefined : request.turns.at(-1);
  return { category: categoryOfTurn(request, turn), language: languageOfTurn(turn) };
}

function kindSteps({ category, language }: TurnKind): TraceStep[] {
  return category === null ? [] : [{ step: "kind", category, language }];
}

/** What moves by itself plays no part where a model was asked for by its own name. */
function momentSteps({ kind }: Resolution, { isMomentOfLoop, now }: Context): TraceStep[] {
  return isMomentOfLoop && kind !== "passthrough" ? [{ step: "moment", at: now.toISOString() }] : [];
}

/** What the model and its tools said since the newest human turn chooses no model. */
function askSteps(request: RouteRequest, { kind }: Resolution): TraceStep[] {
  if (kind === "passthrough") return [];
  const inputTokens = estimateInputTokens(atAsk(request));
  return inputTokens === estimateInputTokens(request) ? [] : [{ step: "ask", inputTokens }];
}

function rolloutSteps(group: RolloutGroup | null, { policy: { rollout }, draws }: Context): TraceStep[] {
  if (group === null || rollout === null) return [];
  return [{ step: "rollout", group, percent: rollout.percent, draw: draws?.rollout ?? 0 }];
}

/** Where no model of the plan can take the request: one that rests, else the fallback tier's. */
function planToServe(request: RouteRequest, resolution: Resolution, context: Context): Plan {
  const plan = makePlan(request, resolution, context);
  return plan.candidates.length > 0 ? plan : serveAnyway(request, { plan, resolution, context });
}

function withLoop(plan: Plan, step: LoopStep | null): Plan {
  if (step === null) return plan;
  const reason = `${plan.reason}; not ${step.from}, where this tool loop began: ${step.because}`;
  return { ...plan, reason, steps: [...plan.steps, step] };
}

function makePlan(request: RouteRequest, resolution: Resolution, context: Context): Plan {
  switch (resolution.kind) {
    case "passthrough":
      return planPassthrough(request, resolution.because);
    case "alias":
      return planAlias(request, resolution.target, context);
    case "auto":
      return planSteered(request, context, resolution.method);
    default:
      return resolution satisfies never;
  }
}

function planSteered(request: RouteRequest, context: Context, method: "auto" | "pattern"): Plan {
  const { steering, lower, steps, remarks } = steer(atAsk(request), context);
  const planFor = (wanted: Steering, within = context) =>
    planAuto(request, within, { method, steering: wanted });
  const first = planFor(steering);
  // A model from the floor on that keeps the limits and only rests serves nevertheless.
  const canServe = (wanted: Steering) => planFor(wanted, withAllAwake(context)).candidates.length > 0;
  const isBeyond =
    lower !== null &&
    first.candidates.length === 0 &&
    !canServe(steering) &&
    canServe({ ...steering, maxCostUsd: null, maxLatencyMs: null });
  const plan = isBeyond ? planFor(lower) : first;
  const ignored = isBeyond
    ? ["ignored x-signalbox-min-tier: no model from it on keeps the limits of a rule"]
    : [];
  const reason = [plan.reason, ...remarks, ...ignored].join("; ");
  return { ...plan, reason, steps: [...steps, ...plan.steps] };
}

function withAllAwake({ health, ...context }: Context): Context {
  const woken = Array.from(
    health ?? [],
    ([model, lately]) => [model, { ...lately, coolUntilMs: null }] as const,
  );
  return { ...context, health: new Map(woken) };
}

/** Better a model that failed lately than one that cannot take the request at all. */
function serveAnyway(
  request: RouteRequest,
  {
    plan,
    resolution,
    context,
  }: { readonly plan: Plan; readonly resolution: Resolution; readonly context: Context },
): Plan {
  const again = rests(plan) ? makePlan(request, resolution, withAllAwake(context)) : plan;
  if (again.candidates.length === 0) return fallBack(plan, context);
  const reason = `${again.reason}; all models that can take it rest after failures, so one of them serves`;
  // That they rest is in the step that looked at them as they are.
  const steps = [...again.steps.filter((step) => !isLook(step)), ...plan.steps.filter(isLook)];
  return { ...again, steps, reason };
}

function rests({ steps }: Plan): boolean {
  const looked = steps.flatMap((step) => (isLook(step) ? step.candidates : []));
  return looked.some(({ refusal }) => refusal === RESTS);
}

function isLook(step: TraceStep): step is Extract<TraceStep, { step: "candidates" }> {
  return step.step === "candidates";
}

function fallBack(plan: Plan, { policy }: Context): Plan {
  const unbound = fallbackTier(policy);
  const tier = boundTier(unbound, { minTier: plan.minTier, maxTier: null }, policy.tiers);
  const refusal = null;
  const candidates: Candidate[] = tier.models.map(({ model }) => {
    return { model, tier: tier.name, eligible: true, refusal, estimatedCostUsd: null };
  });
  const serves = tier === unbound ? `the fallback tier ${tier.name}` : `${tier.name}, the floor,`;
  const reason = `${plan.reason}; no model can take it, so ${serves} serves`;
  return {
    ...plan,
    method: "fallback",
    tier: tier.name,
    exploredFrom: null,
    candidates,
    propensity: 1,
    reason,
  };
}

/** An alias, and a model by its own name, would have been served the same without routing. */
function isByNeed(method: Method): boolean {
  switch (method) {
    case "auto":
    case "rule":
    case "override":
    case "pattern":
    case "fallback":
      return true;
    case "alias":
    case "passthrough":
      return false;
    default:
      return method satisfies never;
  }
}

function resolveStep(request: RouteRequest, resolution: Resolution): TraceStep {
  const requested = request.requestedModel;
  if (resolution.kind !== "alias") {
    const as = resolution.kind === "auto" ? resolution.method : "passthrough";
    return { step: "resolve", requested, as, because: resolution.because, via: [] };
  }
  const { kind, via } = resolution.target;
  const words = kind === "objective" ? "an objective" : `a ${kind}`;
  return { step: "resolve", requested, as: "alias", because: `an alias, leading to ${words}`, via };
}
