import { CHARACTER_FEATURES } from "../../classify/features/character-features.ts";
import { FEATURE_NAMES } from "../../classify/features/feature-list.ts";
import { readFeatures } from "../../classify/features/read-features.ts";
import type { Decision } from "../../decide/decision.ts";
import { findTier, tierOfScore } from "../../decide/ladder.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RouteRequest } from "../../request/route-request.ts";
import type { Asked } from "../change.ts";
import type { Flip } from "../flips.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { featuresOf, requestOf } from "./logged-request.ts";
import { askInOrder, loggedSubject, rulesBehind } from "./logged-rules.ts";
import type { LoggedWorld } from "./logged-world.ts";

/** Says of a flip why a row does not tell that it leads there; null where it does. */
export type Untellable = (flip: Flip) => string | null;

/** A logged decision that was decided again. */
interface Again {
  readonly row: LoggedDecision;
  readonly asked: Asked;
  readonly decision: Decision;
}

/** Finds the flips of a logged decision that would be guesses: they turn on what its row does not hold. */
export function untellableOf(again: Again, { policy }: LoggedWorld): Untellable {
  return (flip) =>
    unscored(flip, again, policy) ??
    unasked(flip, again, policy) ??
    unraised(flip, again) ??
    uncached(flip, again, policy) ??
    untimed(flip, again, policy);
}

/** A score that was not asked for then, and cannot be made now as it would have been. */
function unscored({ score }: Flip, { row, asked, decision }: Again, { classifier }: Policy): string | null {
  if (decision.score !== null || score === null) return null;
  const because = (why: string) => `where its score would lead it cannot be told: ${why}`;
  if (row.turn !== 1) return because("what the turns before scored is not logged with it");
  if (classifier.strategy !== "ml") return because("only a trained classifier scores it from what is logged");
  return isTextWhole(row, asked.request) ? null : because("its text is not stored as it was");
}

/** Whether the stored text is the one that was read then: neither cut nor masked. */
function isTextWhole(row: LoggedDecision, request: RouteRequest): boolean {
  const [turn, then] = [request.turns.at(-1), featuresOf(row)];
  if (turn === undefined || then === null || row.user_text === null) return false;
  const { numbers } = readFeatures(request, turn);
  return CHARACTER_FEATURES.every(([name]) => {
    const at = FEATURE_NAMES.indexOf(name);
    return numbers[at] === then[at];
  });
}

/** A rule that stops keeps those behind it from being asked. */
function unasked({ change }: Flip, { row, asked }: Again, policy: Policy): string | null {
  if (change.kind !== "without_rule") return null;
  const behind = rulesBehind(policy, [change.rule]);
  const { open } = askInOrder(behind, loggedSubject(row, requestOf(row, asked.request.turns), policy));
  if (open === null) return null;
  return `what it would be without the rule "${change.rule}" cannot be told: the rule "${open.name}" was not asked then`;
}

function unraised({ change }: Flip, { row }: Again): string | null {
  if (change.kind !== "without_history" || stepOf(row, "raise") === undefined) return null;
  return "what it would be as the first turn cannot be told: the turns before may have had a part in raising it";
}

/**
 * Up to the tier that the turn before was served in, a prompt cache may hold that one. Which it was is told where a step
 * down was weighed; else only of the dearest tier it is known that it is none down.
 */
function uncached({ score }: Flip, { row, decision }: Again, { conversation, tiers }: Policy): string | null {
  if (score === null || score === decision.score || !conversation.isCacheAware || row.turn === 1) return null;
  const to = tierOfScore(score, tiers);
  const before = findTier(stepOf(row, "cache")?.from ?? null, tiers);
  if (to === tiers.at(-1) || (before !== null && to.low > before.low)) return null;
  return "what another score would lead to is not told for all: a prompt cache may hold the tier, by sizes that are not logged";
}

/** How fast a model was is logged of those that were looked at: of one that a rule asks for it may have been too slow for a limit. */
function untimed({ model }: Flip, { row }: Again, { rules }: Policy): string | null {
  const isLimited = rules.some(({ actions }) => actions.maxLatencyMs !== null);
  const isLooked = row.candidates?.some((candidate) => candidate.model === model) === true;
  if (!isLimited || isLooked) return null;
  return `whether it would be ${model} cannot be told: a rule limits how long a model takes, and what this one took is not logged`;
}
