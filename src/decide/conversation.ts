import type { Verdict } from "../classify/verdict.ts";
import type { ConversationConfig, Policy, Tier } from "../policy/policy.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import { type CacheHold, weighStepDown } from "./cache-hold.ts";
import type { Context } from "./context.ts";
import { type Raise, raiseTier, stepsUp } from "./escalate.ts";
import { findTier, tierOfScore } from "./ladder.ts";
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
  /** A step down that was weighed against the prompt cache at this turn; null where there was none. */
  readonly cache: CacheHold | null;
  /** Why this turn is served above that; null where it is not. */
  readonly raise: Raise | null;
}

/** Most human turns that are looked at for steps down that the prompt cache held back: those that an extract holds. */
const MAX_TURNS_OF_CACHE = 16;

/**
 * The highest tier that any of the newest `max(1, downgradeAfter)` human turns with a signal calls for
 * (0 = all turns that were sent), held where a step down does not pay, raised where the newest turn asks for it. All
 * state is in the request, so every replica gives the same answer. What comes after the newest human turn plays no
 * part: a tool loop stays where the ask that started it was sent.
 *
 * @returns null where the request holds no human turn.
 */
export function tierOfConversation(request: RouteRequest, context: Context): ConversationTier | null {
  const { policy, known } = context;
  const newestFirst = request.turns.toReversed();
  const [newest] = newestFirst;
  if (newest === undefined) return null;
  const looked = lookBack(newestFirst, policy).map((turn) =>
    turn === null ? null : scoreTurn(request, turn, context),
  );
  const window = windowOf(looked, policy.conversation.downgradeAfter);
  // Where no turn carries a signal ("thanks" and nothing else), the newest one speaks for itself.
  const only = window.find((turn) => turn !== null) ?? scoreTurn(request, newest, context);
  const highest = highestOf(window) ?? only;
  const { tier: kept, cache } = hold(highest, looked, { request, context });
  const raise = known?.raise === undefined ? stepsUp(newestFirst, policy) : known.raise;
  return {
    ...raiseTier(kept ?? highest.tier, raise, policy),
    verdict: only.verdict,
    turnsBack: Math.max(0, looked.indexOf(highest)),
    turns: window.map((turn) => turn?.tier.name ?? null),
    cache,
  };
}

/** The turn whose score is the request's: the newest with a signal, else the newest; undefined where there is none. */
export function scoredTurn({ turns }: RouteRequest, policy: TurnPolicy): HumanTurn | undefined {
  const looked = turns.slice(-turnsToLookAt(policy.conversation).turns);
  return looked.findLast((turn) => !isSilent(turn, policy)) ?? turns.at(-1);
}

/** What tells turns with a signal from others. */
export type TurnPolicy = Pick<Policy, "conversation">;

interface ScoredTurn {
  readonly verdict: Verdict;
  readonly tier: Tier;
}

function scoreTurn(request: RouteRequest, turn: HumanTurn, { policy, classify }: Context): ScoredTurn {
  const verdict = classify(request, turn);
  return { verdict, tier: tierOfScore(verdict.score, policy.tiers) };
}

interface LookBack {
  /** Turns with a signal after which it ends. */
  readonly signals: number;
  readonly turns: number;
}

function turnsToLookAt({ isCacheAware, downgradeAfter }: ConversationConfig): LookBack {
  if (isCacheAware) return { signals: Number.POSITIVE_INFINITY, turns: MAX_TURNS_OF_CACHE };
  return { signals: windowSize(downgradeAfter), turns: Number.POSITIVE_INFINITY };
}

function windowSize(downgradeAfter: number): number {
  return downgradeAfter === 0 ? Number.POSITIVE_INFINITY : Math.max(1, downgradeAfter);
}

/** The turns to look at, newest first, null for one without a signal. */
function lookBack(newestFirst: readonly HumanTurn[], policy: TurnPolicy): (HumanTurn | null)[] {
  const { signals, turns } = turnsToLookAt(policy.conversation);
  const looked: (HumanTurn | null)[] = [];
  let found = 0;
  for (const turn of newestFirst) {
    if (found === signals || looked.length === turns) break;
    const silent = isSilent(turn, policy);
    looked.push(silent ? null : turn);
    if (!silent) found += 1;
  }
  return looked;
}

/** Whether a turn carries no signal: "think harder" alone says as little about the task as "go on" does. */
export function isSilent({ text }: { readonly text: string }, { conversation }: TurnPolicy): boolean {
  return isShortReply(text) || isShortReply(conversation.escalate.find(text)?.rest ?? text);
}

/** The newest turns up to the last one that `downgrade_after` counts. */
function windowOf(
  newestFirst: readonly (ScoredTurn | null)[],
  downgradeAfter: number,
): readonly (ScoredTurn | null)[] {
  const size = windowSize(downgradeAfter);
  let found = 0;
  const end = newestFirst.findIndex((turn) => {
    if (turn !== null) found += 1;
    return found === size;
  });
  return end === -1 ? newestFirst : newestFirst.slice(0, end + 1);
}

function highestOf(turns: readonly (ScoredTurn | null)[]): ScoredTurn | null {
  let highest: ScoredTurn | null = null;
  for (const turn of turns) if (turn !== null && turn.tier.low > (highest?.tier.low ?? -1)) highest = turn;
  return highest;
}

/** What a conversation keeps of a prompt cache: a tier, or null where no turn calls for one. */
interface Kept {
  readonly tier: Tier | null;
  readonly cache: CacheHold | null;
}

/** By the hold that is known of the newest turn, else by what each step down would save. */
function hold(
  called: ScoredTurn,
  looked: readonly (ScoredTurn | null)[],
  { request, context }: { readonly request: RouteRequest; readonly context: Context },
): Kept {
  const { policy, known } = context;
  if (known?.hold !== undefined) {
    const held = findTier(known.hold?.from ?? null, policy.tiers);
    const isHeld = held !== null && held.low > called.tier.low;
    return isHeld ? { tier: held, cache: known.hold } : { tier: called.tier, cache: null };
  }
  if (!policy.conversation.isCacheAware) return { tier: called.tier, cache: null };
  return keepWarm(looked, request, context);
}

/** Goes through the turns, oldest first, and takes a step down only where it pays. */
function keepWarm(
  newestFirst: readonly (ScoredTurn | null)[],
  request: RouteRequest,
  { policy, catalog }: { readonly policy: Policy; readonly catalog: Context["catalog"] },
): Kept {
  let tier: Tier | null = null;
  let cache: CacheHold | null = null;
  for (let turnsBack = newestFirst.length - 1; turnsBack >= 0; turnsBack -= 1) {
    const window = windowOf(newestFirst.slice(turnsBack), policy.conversation.downgradeAfter);
    const called: Tier | null = highestOf(window)?.tier ?? null;
    if (called === null) continue;
    cache =
      tier !== null && called.low < tier.low
        ? weighStepDown(request, { from: tier, to: called, turnsBack }, catalog)
        : null;
    if (cache?.held !== true) tier = called;
  }
  return { tier, cache };
}
