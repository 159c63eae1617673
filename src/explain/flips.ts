import type { Classify, Verdict } from "../classify/verdict.ts";
import { decide } from "../decide/decide.ts";
import type { Candidate, Decision, TraceStep } from "../decide/decision.ts";
import type { Tier } from "../policy/policy.ts";
import type { HumanTurn } from "../request/route-request.ts";
import { type Asked, applyChange, type Change } from "./change.ts";

/** A change that leads to another tier or model, and where it leads. */
export interface Flip {
  readonly change: Change;
  readonly tier: string | null;
  readonly model: string;
  /** The score that the tier goes by then; null where no classifier is asked. */
  readonly score: number | null;
}

/** Scores have two decimals: the highest score below a tier is this much lower than its lowest. */
const SCORE_STEP = 0.01;

/**
 * What would have led to another tier or model. Each change is tried by deciding again with it, so what is said of it
 * is true by construction. Scores come first, the nearest first: the smallest change in either direction.
 */
export function findFlips(asked: Asked, decision: Decision): Flip[] {
  const scores = scoreChanges(decision, asked.context.policy.tiers);
  const byScore = scores.flatMap((direction) => scoreFlips(asked, decision, direction));
  const others = otherChanges(decision).map((change) => tryChange(asked, decision, change));
  return [...byDistance(byScore, decision), ...others.filter((flip) => flip !== null)];
}

/** Where a change leads; null where it leads to the same tier and model. */
export function tryChange(asked: Asked, decision: Decision, change: Change): Flip | null {
  const changed = applyChange(asked, change);
  const { tier, model, score } = decide(changed.request, changed.context);
  return tier === decision.tier && model === decision.model ? null : { change, tier, model, score };
}

/** Classifies each turn once, however often is decided. */
export function withMemory({ request, context }: Asked): Asked {
  const known = new Map<HumanTurn, Verdict>();
  const classify: Classify = (asked, turn) => {
    const verdict = known.get(turn) ?? context.classify(asked, turn);
    known.set(turn, verdict);
    return verdict;
  };
  return { request, context: { ...context, classify } };
}

/** The nearest score of each other tier: downwards and upwards, each from near to far. */
function scoreChanges({ score, strategy }: Decision, tiers: readonly Tier[]): Change[][] {
  if (score === null || strategy === null) return [];
  const lows = tiers.map(({ low }) => low);
  const below = lows.filter((low) => low > 0 && low <= score).map((low) => low - SCORE_STEP);
  const above = lows.filter((low) => low > score);
  const toChange = (to: number): Change => ({ kind: "score", score: Number(to.toFixed(2)) });
  return [below.reverse().map(toChange), above.map(toChange)];
}

/** In one direction; a score that leads where a nearer one leads is left out. */
function scoreFlips(asked: Asked, decision: Decision, changes: readonly Change[]): Flip[] {
  const flips: Flip[] = [];
  let last: Pick<Flip, "tier" | "model"> = decision;
  for (const change of changes) {
    const flip = tryChange(asked, decision, change);
    if (flip !== null && (flip.tier !== last.tier || flip.model !== last.model)) flips.push(flip);
    last = flip ?? decision;
  }
  return flips;
}

function byDistance(flips: readonly Flip[], { score }: Decision): Flip[] {
  const distance = ({ change }: Flip) =>
    change.kind === "score" ? Math.abs(change.score - (score ?? 0)) : 0;
  return flips.toSorted((a, b) => distance(a) - distance(b));
}

/** What stands in the trace and could be otherwise. */
function otherChanges(decision: Decision): Change[] {
  return decision.trace.flatMap((step) => changesOf(step, decision));
}

function changesOf(step: TraceStep, decision: Decision): Change[] {
  switch (step.step) {
    case "overrides":
      return step.taken.length > 0 ? [{ kind: "without_headers", headers: step.taken }] : [];
    case "rules":
      return step.matched.map((rule) => ({ kind: "without_rule", rule }));
    case "conversation":
      return step.turns.length > 1 ? [{ kind: "without_history" }] : [];
    case "raise":
      return [{ kind: "without_raise", found: step.found }];
    case "cache":
      return step.held ? [{ kind: "without_hold" }] : [];
    case "explore":
      return [{ kind: "without_lot" }];
    case "candidates":
      return refusedModels(step.candidates, decision).map((model) => ({ kind: "able", model }));
    default:
      return [];
  }
}

/** Models that were refused everywhere: one of another tier may have been taken there. */
function refusedModels(looked: readonly Candidate[], { candidates }: Decision): string[] {
  const refused = looked.filter(({ eligible }) => !eligible).map(({ model }) => model);
  return [...new Set(refused).difference(new Set(candidates))];
}
