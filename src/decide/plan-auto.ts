import type { Strategy } from "../classify/verdict.ts";
import type { Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { atAsk } from "./at-ask.ts";
import type { Context } from "./context.ts";
import type { ConversationTier } from "./conversation.ts";
import type { Candidate, Method, TraceStep } from "./decision.ts";
import { assess } from "./eligible.ts";
import { chanceOfModel, type Exploration, exploreTier } from "./explore.ts";
import { climb, distinct, type Ladder, tierOfModel } from "./ladder.ts";
import { type OpenedTier, openTier } from "./open-tier.ts";
import { candidatesStep, type Plan } from "./plan.ts";
import { methodBy, type Steering } from "./steering.ts";
import { workOf } from "./work.ts";

/** Everything else is routed by what is asked for by overrides and rules, else by how hard the request is. */
export function planAuto(
  request: RouteRequest,
  context: Context,
  wanted: { readonly method: "auto" | "pattern"; readonly steering: Steering },
): Plan {
  const { steering } = wanted;
  const opened = openTier(atAsk(request), context, wanted);
  const { because, found } = opened;
  const world = { ...context, limits: steering };
  const exploration = exploreTier(opened, { steering, context });
  const tier = exploration?.tier ?? opened.tier;
  const climbTo = (to: Tier) => climbFor(request, { tier: to, steering, world });
  const ladder = climbTo(tier);
  const sought = seekModel(request, world, steering);
  const asked = askedModel(sought, wanted) ?? {
    ...ladderHead(ladder, { ...opened, tier }),
    looked: sought,
  };
  const head = exploration === null ? asked : withChance(asked, { ladder, opened, exploration, climbTo });
  const pick = steering.pick ?? tier.pick;
  return {
    ...scored(found),
    method: head.method,
    virtual: true,
    candidates: distinct([...head.ahead, ...ladder.candidates]),
    propensity: head.propensity,
    pick,
    minTier: steering.minTier,
    mode: steering.mode,
    tier: head.tier,
    exploredFrom: tier === opened.tier ? null : opened.tier.name,
    reason: head.because,
    steps: [
      ...classifySteps(found, context),
      { step: "tier", tier: opened.tier.name, because },
      ...exploreSteps(exploration, opened, { head, context }),
      candidatesStep(pick, context, [...head.looked, ...ladder.looked]),
    ],
  };
}

interface Explored {
  readonly ladder: Ladder;
  readonly opened: OpenedTier;
  readonly exploration: Exploration;
  readonly climbTo: (tier: Tier) => Ladder;
}

/** The head of a ladder whose tier was drawn by lot, with the chance that its model had. */
function withChance(head: Head, { ladder, opened, exploration, climbTo }: Explored): Head {
  const model = ladder.candidates[0]?.model;
  if (model === undefined) return head;
  const propensity = chanceOfModel(model, exploration, climbTo);
  if (exploration.tier === opened.tier) return { ...head, propensity };
  const because = `${head.because}; ${exploration.tier.name} is tried instead of ${opened.tier.name}`;
  return { ...head, propensity, because };
}

function exploreSteps(
  exploration: Exploration | null,
  { tier }: OpenedTier,
  { head, context }: { readonly head: Head; readonly context: Context },
): TraceStep[] {
  if (exploration === null) return [];
  const draw = context.draws?.explore ?? 1;
  const chances = exploration.branches.map((branch) => ({ tier: branch.tier.name, chance: branch.chance }));
  const to = exploration.tier.name;
  return [{ step: "explore", from: tier.name, to, tiers: chances, draw, propensity: head.propensity }];
}

interface Scored {
  readonly strategy: Strategy | null;
  readonly score: number | null;
  readonly confidence: number | null;
}

function scored(found: ConversationTier | null): Scored {
  if (found === null) return { strategy: null, score: null, confidence: null };
  const { strategy, score, confidence } = found.verdict;
  return { strategy, score, confidence };
}

/** What comes first in the order of candidates, and why. */
interface Head {
  readonly method: Method;
  readonly tier: string | null;
  /** Models ahead of the ladder. */
  readonly ahead: readonly Candidate[];
  /** What was looked at beside the ladder. */
  readonly looked: readonly Candidate[];
  readonly propensity: number;
  readonly because: string;
}

function ladderHead(ladder: Ladder, { tier, method, because }: OpenedTier): Head {
  const served = ladder.candidates[0]?.tier ?? tier.name;
  const moved = served === tier.name ? "" : `; no model of ${tier.name} can take it, so ${served} does`;
  const { propensity } = ladder;
  return { method, tier: served, ahead: [], looked: [], propensity, because: because + moved };
}

/** The model that a rule or a tool loop asks for, and whether it can take the request; empty where none is. */
function seekModel(request: RouteRequest, context: Context, steering: Steering): Candidate[] {
  const { model, tier, by } = steering;
  if (model === null || by === null) return [];
  const home = tier ?? tierOfModel(model, steering, context.policy.tiers)?.name ?? null;
  return assess([{ model, tier: home }], request, context);
}

/** null where no model is asked for, or where it cannot take the request: then the ladder serves. */
function askedModel(
  looked: readonly Candidate[],
  { method, steering }: { readonly method: "auto" | "pattern"; readonly steering: Steering },
): Head | null {
  const [asked] = looked;
  const { by, because } = steering;
  if (asked === undefined || by === null || !asked.eligible) return null;
  const { model, tier } = asked;
  return {
    method: methodBy(by, method),
    tier,
    ahead: looked,
    looked,
    propensity: 1,
    because: `${because ?? by}: model ${model}`,
  };
}

function climbFor(
  request: RouteRequest,
  { tier, steering, world }: { readonly tier: Tier; readonly steering: Steering; readonly world: Context },
): Ladder {
  const category = workOf(request, world);
  return climb(withPick(tier, steering), request, { world, category, prefer: steering.prefer });
}

function withPick(tier: Tier, { pick }: Steering): Tier {
  return pick === null ? tier : { ...tier, pick };
}

function opinionSteps({ opinion }: Context): TraceStep[] {
  if (opinion === undefined) return [];
  const { verdict: _, ...told } = opinion;
  return [{ step: "llm", ...told }];
}

function classifySteps(found: ConversationTier | null, context: Context): TraceStep[] {
  if (found === null) return [];
  const { strategy, score, confidence, signals } = found.verdict;
  const configured = context.policy.classifier.strategy;
  const { instead } = context;
  return [
    ...opinionSteps(context),
    { step: "classify", strategy, configured, instead, score, confidence, signals: signals() },
    { step: "conversation", turns: found.turns, tier: found.raise?.from ?? found.tier.name },
    ...(found.cache === null ? [] : [{ step: "cache" as const, ...found.cache }]),
    ...(found.raise === null ? [] : [{ step: "raise" as const, ...found.raise }]),
  ];
}
