import type { Mode, Pick } from "../policy/policy.ts";
import type { Method } from "./decision.ts";

/**
 * What overrides and rules ask of a decision whose name is routed automatically. Plain data: each part of a decision
 * takes from it what concerns it. null where nothing is asked.
 */
export interface Steering {
  /** What asks for `model` or `tier`, and so decides instead of a classifier; `response`: what wrote the one before. */
  readonly by: "rule" | "override" | "response" | null;
  /** Why that, in words, for the reason of the decision: `rule "titles"`; null where neither is asked for. */
  readonly because: string | null;
  /** Model to serve, ahead of the ladder of its tier. */
  readonly model: string | null;
  /** Tier to serve: no classifier is asked. */
  readonly tier: string | null;
  /** Lowest tier. Where floor and ceiling contradict each other the floor holds: too good is the safer mistake. */
  readonly minTier: string | null;
  /** What asks for it, in words; null where nothing does. */
  readonly minTierBecause: string | null;
  /** Highest tier. */
  readonly maxTier: string | null;
  readonly maxTierBecause: string | null;
  /** Order within the tier's pool, instead of the tier's own. */
  readonly pick: Pick | null;
  /** Mode of this request, instead of the policy's. */
  readonly mode: Mode | null;
  /** Highest estimated cost of the request on a candidate, USD. */
  readonly maxCostUsd: number | null;
  /** Highest recent latency of a candidate, milliseconds. */
  readonly maxLatencyMs: number | null;
  /** Provider whose models go first within each tier. */
  readonly prefer: string | null;
  /** How complex the client says that the request is, 0..100: blended with the score. */
  readonly hint: number | null;
}

/** Nothing is asked: the request alone decides. */
export const NO_STEERING: Steering = {
  by: null,
  because: null,
  model: null,
  tier: null,
  minTier: null,
  minTierBecause: null,
  maxTier: null,
  maxTierBecause: null,
  pick: null,
  mode: null,
  maxCostUsd: null,
  maxLatencyMs: null,
  prefer: null,
  hint: null,
};

/** The method of a decision for which something asks: what wrote the response before goes on by that of the name. */
export function methodBy(by: NonNullable<Steering["by"]>, ofName: "auto" | "pattern"): Method {
  return by === "response" ? ofName : by;
}
