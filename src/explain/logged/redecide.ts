import type { Verdict } from "../../classify/verdict.ts";
import type { Context } from "../../decide/context.ts";
import { decide } from "../../decide/decide.ts";
import type { Decision } from "../../decide/decision.ts";
import { type Draws, drawOf } from "../../decide/draws.ts";
import { resolve } from "../../decide/resolve.ts";
import type { Policy } from "../../policy/policy.ts";
import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import type { Asked } from "../change.ts";
import type { ConversationMemory } from "./conversation-memory.ts";
import { conversationOf, type LoggedDecision, momentOf, stepOf } from "./logged-decision.ts";
import { healthOf, toldOf } from "./logged-models.ts";
import { patternOf, requestOf, textOf } from "./logged-request.ts";
import { type LoggedRules, loggedSubject, matchLogged, rulesThatMatch } from "./logged-rules.ts";
import { createLoggedScorer, type LoggedScore, type ScoredBy } from "./logged-score.ts";
import { worksOf } from "./logged-work.ts";
import type { LoggedWorld } from "./logged-world.ts";
import { outputLimitOf } from "./output-limit.ts";
import { type PastTurn, pastTurnsOf, toTurn } from "./past-turns.ts";
import { hintOf, type Supposition } from "./suppositions.ts";

/** What logged requests are decided again with. */
export interface RedecideOptions extends LoggedWorld {
  readonly memory: ConversationMemory;
  /** `none`: nothing is tried by lot, whichever policy decided; left out: under the policy that decided as it was then. */
  readonly lots?: "none";
}

/** A logged request, decided again, or why it cannot be. */
export type Redecided =
  | { readonly ok: true; readonly decision: Decision; readonly asked: Asked; readonly by: ScoredBy }
  | { readonly ok: false; readonly why: string };

/**
 * Decides a row again.
 *
 * @param draw in [0, 1): where splits by weight fall; left out: where they fell then.
 * @param supposed what the row does not tell; left out: a row that turned on it is not decided.
 */
export type Redecide = (row: LoggedDecision, draw?: number, supposed?: Supposition) => Redecided;

/**
 * Makes what decides rows of the log again, under the same policy or another one. Scores, sizes, facts and refusals are
 * those that were logged, so a row is decided as it was; what turns on things that are not logged is not decided.
 */
export function createRedecider(options: RedecideOptions): Redecide {
  const { policy, memory } = options;
  const scoreRow = createLoggedScorer(policy, options.classifier);
  return (row, draw = drawOfRow(row), supposed = undefined) => {
    if (supposed !== undefined) return again(withoutHint(row), draw, supposed);
    const untold = nameUntold(row, policy) ?? untoldOf(row, policy);
    if (untold !== null) return { ok: false, why: untold };
    return sameOf(worksOf(row, policy).map((known) => again(row, draw, { headers: {}, known })));
  };

  function again(row: LoggedDecision, draw: number, { headers, known }: Supposition): Redecided {
    const newest = newestOf(row);
    const past = scoredAsLogged(pastTurnsOf(row, policy, memory), row, policy);
    const turns = [...past.map(({ turn }) => turn).reverse(), ...newest];
    const told = requestOf(row, turns);
    const request = { ...told, headers, maxOutputTokens: outputLimitOf(row, told, options.catalog) };
    const rules = rulesOf(row, request);
    if (!rules.ok) return rules;
    const scores = new Scores(past, () => scoreNewest(row, request));
    const context: Context = {
      policy: { ...policy, rules: rulesThatMatch(policy, rules.matched) },
      classify: (_, turn) => scores.of(turn),
      instead: null,
      catalog: options.catalog,
      told: toldOf(row, request, options),
      health: healthOf(row),
      draw,
      ...(options.lots === "none" ? {} : drawsOf(row, policy)),
      now: momentOf(row),
      known,
    };
    const decision = decide(request, context);
    const { scored } = scores;
    if (scored !== null && !scored.ok) return scored;
    remember(row, decision, scored);
    return { ok: true, decision, asked: { request, context }, by: scored?.by ?? "none" };
  }

  /** Rules are asked of names alone that are routed automatically. */
  function rulesOf(row: LoggedDecision, request: RouteRequest): LoggedRules {
    const { kind } = resolve(request, policy, options.catalog);
    return kind === "auto"
      ? matchLogged(policy, loggedSubject(row, request, policy))
      : { ok: true, matched: new Set() };
  }

  function scoreNewest(row: LoggedDecision, request: RouteRequest): LoggedScore {
    const turn = request.turns.at(-1);
    return turn === undefined ? { ok: false, why: "it has no human turn" } : scoreRow(row, request, turn);
  }

  function remember(row: LoggedDecision, { trace }: Decision, scored: LoggedScore | null): void {
    const turns = trace.find((step) => step.step === "conversation")?.turns;
    const conversation = conversationOf(row);
    if (turns === undefined || conversation === null) return;
    if (turns[0] === null) memory.remember(conversation, row.turn, null);
    else if (scored?.ok === true) memory.remember(conversation, row.turn, scored.verdict.score);
  }
}

/** What all of them say of where the request goes. */
function sameOf(all: readonly Redecided[]): Redecided {
  const placesOf = (again: Redecided) => (again.ok ? `${again.decision.tier}\n${again.decision.model}` : "");
  const [first = WORK_UNTOLD] = all;
  return new Set(all.map(placesOf)).size > 1 ? WORK_UNTOLD : first;
}

const WORK_UNTOLD = {
  ok: false,
  why: "which model is the specialist goes by what the turn asked for, which is not logged",
} as const;

/** Decimals of a classifier's score. */
const SCORE_DECIMALS = 2;

/** The row with the score that the classifier gave, before a client's hint was blended in. */
function withoutHint(row: LoggedDecision): LoggedDecision {
  const hint = hintOf(row);
  if (hint === undefined || row.score === null) return row;
  const own = (row.score - hint.contribution) / (1 - hint.weight);
  return { ...row, score: Number(own.toFixed(SCORE_DECIMALS)) };
}

/** Behind a turn without a signal the score of the row is that of the turn before it. */
function scoredAsLogged(
  past: readonly PastTurn[],
  row: LoggedDecision,
  { revision }: Policy,
): readonly PastTurn[] {
  const { score, policy_revision } = row;
  const scored = stepOf(row, "conversation")?.turns.findIndex((turn) => turn !== null) ?? -1;
  if (scored < 1 || score === null || policy_revision !== revision) return past;
  return past.map((turn, at) => (at === scored - 1 ? { ...turn, score } : turn));
}

/** The scores of a row's turns; the newest is scored when it is first asked for. */
class Scores {
  readonly #past: ReadonlyMap<HumanTurn, number>;
  readonly #scoreNewest: () => LoggedScore;
  /** null where it was not asked for. */
  scored: LoggedScore | null = null;

  constructor(past: readonly PastTurn[], scoreNewest: () => LoggedScore) {
    this.#past = new Map(past.map(({ turn, score }) => [turn, score ?? 0]));
    this.#scoreNewest = scoreNewest;
  }

  of(turn: HumanTurn): Verdict {
    const score = this.#past.get(turn);
    if (score !== undefined) return { strategy: "static", score, confidence: null, signals: () => [] };
    this.scored ??= this.#scoreNewest();
    return this.scored.ok
      ? this.scored.verdict
      : { strategy: "static", score: 0, confidence: null, signals: () => [] };
  }
}

/** A name that is logged as its hash can be told by the pattern that matched it alone. */
function nameUntold(row: LoggedDecision, { patterns }: Policy): string | null {
  const pattern = patternOf(row);
  const isTold = pattern === null || patterns.some(({ source }) => source === pattern);
  return isTold ? null : "the name that was asked for is logged as its hash";
}

/** What a row does not tell and its decision turned on, in words; null where there is no such thing. */
function untoldOf(row: LoggedDecision, { allowOverrides }: Policy): string | null {
  const raise = stepOf(row, "raise");
  if ((stepOf(row, "overrides")?.taken.length ?? 0) > 0 && allowOverrides !== "none") {
    return "its client asked by headers, whose values are not logged";
  }
  if (stepOf(row, "cache")?.held === true)
    return "a prompt cache held its tier, by sizes that are not logged";
  // How far it was raised is told by what was said in the turns before, too.
  const isAllStored = raise?.by === "phrase" && row.turn === 1 && textOf(row) !== null;
  return raise === undefined || isAllStored ? null : "it was raised by words that are not stored with it";
}

/** The newest human turn; none where the request has none. */
function newestOf(row: LoggedDecision): HumanTurn[] {
  if (row.turn === 0) return [];
  const text = textOf(row);
  if (text !== null) return [{ text, chars: text.length }];
  const isSilent = stepOf(row, "conversation")?.turns[0] === null;
  return [toTurn(isSilent ? null : 0, row.turn)];
}

/** Where the row fell among splits by weight: as it was logged, else its conversation's place. */
function drawOfRow(row: LoggedDecision): number {
  return stepOf(row, "candidates")?.draw ?? drawOf(row.conversation_id ?? row.id, "split");
}

/** The lots of the row under the policy that drew them; under another one nothing is tried by lot. */
function drawsOf(row: LoggedDecision, { revision }: Policy): { readonly draws?: Draws } {
  if (row.policy_revision !== revision) return {};
  const explored = stepOf(row, "explore");
  const neighbours = explored?.tiers.slice(1) ?? [];
  const drawn = neighbours.findIndex(({ tier }) => tier === explored?.to);
  const neighbour = drawn < 0 ? 0 : (drawn + 1 / 2) / neighbours.length;
  const explore = row.explored_from === null ? 1 : 0;
  return { draws: { rollout: row.rollout === "control" ? 1 : 0, explore, neighbour } };
}
