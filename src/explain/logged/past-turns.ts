import { findTier } from "../../decide/ladder.ts";
import type { Policy } from "../../policy/policy.ts";
import type { HumanTurn } from "../../request/route-request.ts";
import type { ConversationMemory } from "./conversation-memory.ts";
import { conversationOf, type LoggedDecision, stepOf } from "./logged-decision.ts";

/** A turn before the newest one. */
export interface PastTurn {
  readonly turn: HumanTurn;
  /** null where it carries no signal. */
  readonly score: number | null;
}

/** Most turns of a conversation that are looked back at. */
const MAX_PAST = 15;
/** A reply without a signal. */
const SILENT = "ok";

/**
 * The turns before the newest one of a row, newest first, as far back as they are known without a gap: by what they
 * scored in rows that were read before, else by the tier that the row's trace gives them, whose lowest score they take.
 */
export function pastTurnsOf(row: LoggedDecision, policy: Policy, memory: ConversationMemory): PastTurn[] {
  const seen = stepOf(row, "conversation")?.turns ?? [];
  const conversation = conversationOf(row);
  const past: PastTurn[] = [];
  for (let back = 1; back <= Math.min(MAX_PAST, row.turn - 1); back += 1) {
    const number = row.turn - back;
    const recalled = conversation === null ? undefined : memory.recall(conversation, number);
    const score = recalled === undefined ? scoreOfTier(seen[back], policy) : recalled;
    if (score === undefined) break;
    past.push({ turn: toTurn(score, number), score });
  }
  return past;
}

/** undefined where there is no such tier. */
function scoreOfTier(tier: string | null | undefined, { tiers }: Policy): number | null | undefined {
  return typeof tier === "string" ? findTier(tier, tiers)?.low : tier;
}

/** Stands for what was said, which is not in the row. */
export function toTurn(score: number | null, number: number): HumanTurn {
  const text = score === null ? SILENT : `unread-${number}`;
  return { text, chars: text.length };
}
