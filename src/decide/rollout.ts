import type { Policy } from "../policy/policy.ts";
import type { Draws } from "./draws.ts";

/** `policy`: the decision is served. `control`: it is only logged, so that the two groups can be compared. */
export type RolloutGroup = "policy" | "control";

/**
 * The group of a request while a policy is rolled out to a share.
 *
 * @returns null where nothing is rolled out, or the policy serves nothing anyway.
 */
export function rolloutGroup({ mode, rollout }: Policy, draws: Draws | undefined): RolloutGroup | null {
  if (rollout === null || mode !== "enforce") return null;
  return (draws?.rollout ?? 0) * 100 < rollout.percent ? "policy" : "control";
}
