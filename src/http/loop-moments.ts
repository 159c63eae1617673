import { hash } from "node:crypto";
import type { Opinion } from "../classify/opinion.ts";
import { isInLoop } from "../decide/at-ask.ts";
import type { Context } from "../decide/context.ts";
import { type ModelHealth, UNMEASURED } from "../decide/model-health.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Asking } from "./decide-asking.ts";

/** What moves by itself and chooses between models, as it was when a tool loop began. */
export interface Moment {
  /** When the newest call of the loop came. */
  readonly lastCallAt: Date;
  /** A policy that was loaded since then decides by its own moment. */
  readonly policyRevision: string;
  readonly now: Date;
  readonly health: ReadonlyMap<string, ModelHealth>;
  readonly budgetUsedRatio: number | null;
  /** null where no LLM was asked. */
  readonly opinion: Opinion | null;
}

/** A question of the callback, and what it is decided with. */
export interface Put {
  readonly request: RouteRequest;
  readonly asking: Asking;
}

/**
 * How long a loop may pause and be decided by its moment nevertheless, in milliseconds: an hour, the longest that
 * Anthropic keeps a prompt in its cache (`ttl: 1h`). Past that the loop has nothing to lose by another model.
 */
const MAX_PAUSE_MS = 3_600_000;

/** Loops that are remembered at least, the newest, where few models are measured; twice as many at most. */
const MIN_LOOPS = 10_000;

/** The same for what they know of models, one figure a model and moment: about 25 MB with all else. */
const MIN_FIGURES = 100_000;

/**
 * Remembers the moments of tool loops, so that each of their calls is decided by the latencies, the time of day, the
 * budget and the LLM's answer of the first one. None of these is in a request; so this process alone knows it, and one
 * that was started since, or another replica, goes on from its own first call of the loop.
 */
export class LoopMoments {
  /** Two ages: the older one is forgotten at once, for a Map from which the oldest is taken time and again gets slow. */
  #recent = new Map<string, Moment>();
  #older: ReadonlyMap<string, Moment> = new Map();
  /** What the moments of the newer age know of models; loops that began together share it. */
  #healths = new Set<Moment["health"]>();
  #figures = 0;

  /** The question as it is decided: by the moment when its loop began, where that is known. */
  recall(put: Put): Put {
    const key = isInLoop(put.request) ? keyOf(put.request) : null;
    const then = key === null ? undefined : (this.#recent.get(key) ?? this.#older.get(key));
    return then !== undefined && isInForce(then, put.asking.context) ? atMoment(put, then) : put;
  }

  /**
   * Remembers what a request was decided with.
   *
   * @param request as recall() gave it.
   * @param at when it came.
   */
  remember(request: RouteRequest, context: Context, at: Date): void {
    const key = canLoop(request) ? keyOf(request) : null;
    if (key === null) return;
    const { policy, now, health = NO_HEALTH, opinion } = context;
    this.#keep(key, {
      lastCallAt: at,
      policyRevision: policy.revision,
      now,
      health: context.isMomentOfLoop ? health : asRestingThroughout(health),
      budgetUsedRatio: request.caller.budgetUsedRatio,
      opinion: opinion ?? null,
    });
  }

  #keep(key: string, moment: Moment): void {
    if (this.#recent.size >= MIN_LOOPS || this.#figures >= MIN_FIGURES) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#healths = new Set();
      this.#figures = 0;
    }
    this.#recent.set(key, moment);
    if (this.#healths.has(moment.health)) return;
    this.#healths.add(moment.health);
    this.#figures += moment.health.size;
  }
}

const NO_HEALTH: Moment["health"] = new Map();

function isInForce({ policyRevision, lastCallAt }: Moment, { policy, now }: Context): boolean {
  return policyRevision === policy.revision && now.getTime() - lastCallAt.getTime() <= MAX_PAUSE_MS;
}

/** A loop begins only where tools are offered. */
function canLoop(request: RouteRequest): boolean {
  return request.facts.toolNames.length > 0 || isInLoop(request);
}

/**
 * The same for all calls of a loop: who asks, in which conversation, and its newest human turn. null where there is
 * none. A digest: an id of any length takes the same room, no two run into one another, and none is kept.
 */
function keyOf({ sessionId, facts, caller, turns }: RouteRequest): string | null {
  const [ask, turn] = [facts.asks.at(-1), turns.at(-1)];
  if (ask === undefined || turn === undefined || facts.conversationHash === null) return null;
  const { keyHash, userId, endUserId } = caller;
  const place = [facts.conversationHash, facts.humanTurns, ask.messages, turn.chars];
  return hash("sha256", JSON.stringify([...place, keyHash, userId, endUserId, sessionId]), "base64");
}

function atMoment({ request, asking }: Put, then: Moment): Put {
  const { context, consult } = asking;
  const { caller } = request;
  const { budgetUsedRatio } = then;
  const isSameBudget = caller.budgetUsedRatio === budgetUsedRatio;
  return {
    request: isSameBudget ? request : { ...request, caller: { ...caller, budgetUsedRatio } },
    asking: {
      ...asking,
      context: {
        ...context,
        now: then.now,
        isMomentOfLoop: true,
        health: healthSince(then.health, context.health ?? NO_HEALTH),
      },
      consult: consult && (() => heardBefore(then.opinion)),
    },
  };
}

/** The latencies of then; a model that rests now, or did since then, rests: a loop does not go back to what it left. */
function healthSince(
  then: Moment["health"],
  now: ReadonlyMap<string, ModelHealth>,
): ReadonlyMap<string, ModelHealth> {
  const fallen = [...now].flatMap(([model, { coolUntilMs }]): [string, ModelHealth][] => {
    const before = then.get(model) ?? UNMEASURED;
    return coolUntilMs === null || before.coolUntilMs !== null ? [] : [[model, { ...before, coolUntilMs }]];
  });
  return fallen.length === 0 ? then : new Map([...then, ...fallen]);
}

const throughout = new WeakMap<Moment["health"], Moment["health"]>();

/** What rests when a loop begins is not where it began: it stays away without being told of each call. */
function asRestingThroughout(health: Moment["health"]): Moment["health"] {
  if (![...health.values()].some(({ coolUntilMs }) => coolUntilMs !== null)) return health;
  const known = throughout.get(health);
  if (known !== undefined) return known;
  const made = new Map(
    [...health].map(([model, lately]) => {
      const coolUntilMs = lately.coolUntilMs === null ? null : Number.POSITIVE_INFINITY;
      return [model, { ...lately, coolUntilMs }];
    }),
  );
  throughout.set(health, made);
  return made;
}

/** The opinion that decided at first, without its cost and its time: they are the first call's. */
function heardBefore(opinion: Opinion | null): Opinion | null {
  if (opinion === null) return null;
  return { ...opinion, from: opinion.from === null ? null : "cache", tookMs: 0, costUsd: null };
}
