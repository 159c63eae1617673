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

/** A tier that may have been raised. */
export interface Raised {
  readonly tier: Tier;
  /** null where the turn asks for no more, or no tier is dearer. */
  readonly raise: Raise | null;
}

/**
 * Raises a tier for a turn whose author asks for more in so many words (`escalate_phrases`), or says the same again
 * and again (`repeat_raises_after`). Who asks for more twice in a row gets two tiers more. A short reply goes on with
 * what the turn before it asked for.
 *
 * @param newestFirst human turns.
 */
export function raiseTier(
  tier: Tier,
  newestFirst: readonly HumanTurn[],
  { tiers, conversation }: { readonly tiers: readonly Tier[]; readonly conversation: ConversationConfig },
): Raised {
  const ask = newestFirst.findIndex((turn) => !isShortReply(turn.text));
  const asks = ask === -1 ? [] : newestFirst.slice(ask);
  const asked = countPhrases(asks, conversation);
  const repeats = countStuck(asks, conversation);
  const steps = Math.max(asked.steps, repeats.steps);
  const at = tiers.findIndex(({ name }) => name === tier.name);
  const raised = tiers[Math.min(at + steps, tiers.length - 1)] ?? tier;
  if (raised.low <= tier.low) return { tier, raise: null };
  const { by, found } = repeats.steps > asked.steps ? repeats : asked;
  return { tier: raised, raise: { by, found, from: tier.name, to: raised.name } };
}

/** What a turn says beside a phrase that asks for more thought; null where it holds none. */
export function withoutPhrase(turn: HumanTurn, { escalate }: ConversationConfig): string | null {
  return escalate.find(turn.text)?.rest ?? null;
}

interface Found {
  readonly steps: number;
  readonly by: Raise["by"];
  readonly found: string;
}

function countPhrases(newestFirst: readonly HumanTurn[], { escalate }: ConversationConfig): Found {
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

function countStuck(newestFirst: readonly HumanTurn[], { repeatRaisesAfter }: ConversationConfig): Found {
  const repeats = countRepeats(newestFirst);
  const steps = repeatRaisesAfter > 0 ? Math.floor(repeats / repeatRaisesAfter) : 0;
  return { steps, by: "repeat", found: `${repeats} identical asks in a row` };
}
