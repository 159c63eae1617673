import type { Classify, Verdict } from "../classify/verdict.ts";
import type { Policy, Tier } from "../policy/policy.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import { tierOfScore } from "./ladder.ts";
import { isShortReply } from "./short-reply.ts";

/** The tier that a conversation calls for. */
export interface ConversationTier {
  readonly tier: Tier;
  /** What the classifier said of the newest human turn that carries a signal. */
  readonly verdict: Verdict;
  /** How many turns back the turn is that decided: 0 = the newest human turn. */
  readonly turnsBack: number;
  /** Tier of each turn looked at, newest first; null where the turn carries no signal. */
  readonly turns: readonly (string | null)[];
}

/**
 * The highest tier that any of the newest `max(1, downgradeAfter)` human turns with a signal calls for
 * (0 = all turns that were sent). All state is in the request, so every replica gives the same answer.
 *
 * @returns null where the request holds no human turn.
 */
export function tierOfConversation(
  request: RouteRequest,
  policy: Policy,
  classify: Classify,
): ConversationTier | null {
  const newestFirst = [...request.turns].reverse();
  const [newest] = newestFirst;
  if (newest === undefined) return null;
  const looked = lookBack(newestFirst, policy.conversation.downgradeAfter).map((turn) => {
    if (turn === null) return null;
    const verdict = classify(request, turn);
    return { verdict, tier: tierOfScore(verdict.score, policy.tiers) };
  });
  const scored = looked.filter((turn) => turn !== null);
  const only = scored[0] ?? scoreAlone(request, policy, { classify, turn: newest });
  const highest = scored.reduce((best, turn) => (turn.tier.low > best.tier.low ? turn : best), only);
  return {
    tier: highest.tier,
    verdict: only.verdict,
    turnsBack: Math.max(0, looked.indexOf(highest)),
    turns: looked.map((turn) => turn?.tier.name ?? null),
  };
}

/** The turns to look at, newest first, null for one without a signal; stops once enough with a signal are found. */
function lookBack(newestFirst: readonly HumanTurn[], downgradeAfter: number): (HumanTurn | null)[] {
  const wanted = downgradeAfter === 0 ? Number.POSITIVE_INFINITY : Math.max(1, downgradeAfter);
  const looked: (HumanTurn | null)[] = [];
  let found = 0;
  for (const turn of newestFirst) {
    if (found === wanted) break;
    const silent = isShortReply(turn.text);
    looked.push(silent ? null : turn);
    if (!silent) found += 1;
  }
  return looked;
}

/** Where no turn carries a signal ("thanks" and nothing else), the newest one speaks for itself. */
function scoreAlone(
  request: RouteRequest,
  policy: Policy,
  { classify, turn }: { readonly classify: Classify; readonly turn: HumanTurn },
): { readonly verdict: Verdict; readonly tier: Tier } {
  const verdict = classify(request, turn);
  return { verdict, tier: tierOfScore(verdict.score, policy.tiers) };
}
