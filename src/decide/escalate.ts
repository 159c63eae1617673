import type { ConversationConfig, FoundPhrase, Tier } from "../policy/policy.ts";
import type { HumanTurn } from "../request/route-request.ts";
import { countRepeats } from "./repeat.ts";
import { isShortReply } from "./short-reply.ts";

/** Why a turn is served above what its conversation calls for. */
export interface Raise {
  readonly by: "phrase" | "repeat";
  /** In words: `"think harder"`, `3 identical asks in a row`. */
  readonly found: string;
  readonly from: string;
  readonly to: string;
}

/** How far a turn is raised, in tiers, and by what. */
export interface RaiseSteps extends Pick<Raise, "by" | "found"> {
  readonly steps: number;
}

/** A tier that may have been raised. */
export interface Raised {
  readonly tier: Tier;
  /** null where the turn asks for no more, or no tier is dearer. */
  readonly raise: Raise | null;
}

/**
 * How many tiers a turn is raised by whose author asks for more in so many words (`escalate_phrases`), or says the same again
 * and again (`repeat_raises_after`). Who asks for more twice in a row gets two tiers more. A short reply goes on with
 * what the turn before it asked for.
 *
 * @param newestFirst human turns.
 */
export function stepsUp(
  newestFirst: readonly HumanTurn[],
  { conversation }: { readonly conversation: ConversationConfig },
): RaiseSteps {
  const ask = newestFirst.findIndex((turn) => !isShortReply(turn.text));
  const asks = ask === -1 ? [] : newestFirst.slice(ask);
  const asked = countPhrases(asks, conversation);
  const repeats = countStuck(asks, conversation);
  return repeats.steps > asked.steps ? repeats : asked;
}

/** Raises a tier by so many, as far as there are dearer ones. */
export function raiseTier(
  tier: Tier,
  raise: RaiseSteps | null,
  { tiers }: { readonly tiers: readonly Tier[] },
): Raised {
  const at = tiers.findIndex(({ name }) => name === tier.name);
  const raised = tiers[Math.min(at + (raise?.steps ?? 0), tiers.length - 1)] ?? tier;
  if (raise === null || raised.low <= tier.low) return { tier, raise: null };
  const { by, found } = raise;
  return { tier: raised, raise: { by, found, from: tier.name, to: raised.name } };
}

function countPhrases(newestFirst: readonly HumanTurn[], { escalate }: ConversationConfig): RaiseSteps {
  let first: FoundPhrase | null = null;
  let steps = 0;
  for (const turn of newestFirst) {
    const found = escalate.find(turn.text);
    if (found === null) break;
    first ??= found;
    steps += 1;
  }
  return { steps, by: "phrase", found: `"${first?.phrase ?? ""}"` };
}

function countStuck(
  newestFirst: readonly HumanTurn[],
  { repeatRaisesAfter }: ConversationConfig,
): RaiseSteps {
  const repeats = countRepeats(newestFirst);
  const steps = repeatRaisesAfter > 0 ? Math.floor(repeats / repeatRaisesAfter) : 0;
  return { steps, by: "repeat", found: `${repeats} identical asks in a row` };
}
