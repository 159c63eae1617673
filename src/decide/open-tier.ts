import type { Tier } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { type ConversationTier, tierOfConversation } from "./conversation.ts";
import type { Method } from "./decision.ts";
import { boundTier, fallbackTier, findTier } from "./ladder.ts";
import { methodBy, type Steering } from "./steering.ts";
import { withHint } from "./with-hint.ts";

/** The tier that a request starts at, and what opened it. */
export interface OpenedTier {
  readonly tier: Tier;
  readonly method: Method;
  readonly because: string;
  /** What the conversation called for; null where no classifier was asked, or there was no human turn to ask about. */
  readonly found: ConversationTier | null;
}

/** Finds the tier: the one that is asked for, else the one that the conversation calls for, within floor and ceiling. */
export function openTier(
  request: RouteRequest,
  context: Context,
  { method, steering }: { readonly method: "auto" | "pattern"; readonly steering: Steering },
): OpenedTier {
  const { policy } = context;
  const asked = findTier(steering.tier, policy.tiers);
  const opened =
    asked !== null && steering.by !== null
      ? {
          tier: asked,
          method: methodBy(steering.by, method),
          because: `${steering.because ?? steering.by}: tier ${asked.name}`,
          found: null,
        }
      : classifyTier(request, withHint(request, context, steering.hint), method);
  const tier = boundTier(opened.tier, steering, policy.tiers);
  if (tier === opened.tier) return opened;
  const moved =
    tier.low > opened.tier.low
      ? `raised to ${tier.name} by ${steering.minTierBecause}`
      : `lowered to ${tier.name} by ${steering.maxTierBecause}`;
  return { ...opened, tier, because: `${opened.because}; ${moved}` };
}

function classifyTier(request: RouteRequest, context: Context, method: "auto" | "pattern"): OpenedTier {
  const found = tierOfConversation(request, context);
  if (found !== null) return { tier: found.tier, method, because: tierReason(found, context), found };
  const tier = fallbackTier(context.policy);
  const because = `no human turn to classify, so the fallback tier ${tier.name} serves`;
  return { tier, method: "fallback", because, found };
}

function tierReason(found: ConversationTier, { instead }: Context): string {
  const words = `score ${found.verdict.score.toFixed(1)}${whyThere(found)}`;
  return instead === null ? words : `${words}; ${instead}`;
}

function whyThere({ tier, turns, turnsBack, raise, cache }: ConversationTier): string {
  if (raise !== null) return `; raised from ${raise.from} to ${raise.to} by ${raise.found}`;
  const range = `${tier.name} (${tier.low}-${tier.high})`;
  if (cache?.held === true) {
    return `, held in ${range}: that ${cache.to} reads the prompt anew costs more than it saves`;
  }
  // The score is that of the newest turn with a signal, which is not always the newest turn.
  const scored = turns.findIndex((turn) => turn !== null);
  const isHeld = turnsBack > Math.max(0, scored);
  return isHeld ? `, held in ${range} by the turn ${turnsBack} before` : ` is in ${range}`;
}
