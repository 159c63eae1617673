import { hash } from "node:crypto";
import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { isServedAsAsked, writerOf } from "./writer.ts";

/** What is decided by lot, each by a draw of its own in [0, 1). */
export interface Draws {
  /** Whether the policy applies to a request while it is rolled out; 1: it does not, at whatever share. */
  readonly rollout: number;
  /** Whether a neighbouring tier is tried. */
  readonly explore: number;
  /** Which of two neighbours it is. */
  readonly neighbour: number;
}

/** Hex digits of a digest that a draw is made of: 48 bits. */
const DRAW_DIGITS = 12;

/**
 * The draws of a request: the same for all requests of a conversation, on every replica and after every restart; the
 * rollout's the same for all requests of a key where it goes by key. Draws of different purposes are independent.
 *
 * @param random in [0, 1), for requests that belong to no conversation.
 */
export function drawsOf(request: RouteRequest, policy: Policy, random: () => number): Draws {
  const { keyHash } = request.caller;
  const conversation = conversationOf(request);
  const subject = policy.rollout?.by === "key" ? (keyHash ?? conversation) : conversation;
  const draw = (seed: string | null, purpose: keyof Draws) =>
    seed === null ? random() : drawOf(seed, purpose);
  return {
    rollout: policy.rollout === null ? 0 : (groupDraw(request, policy) ?? draw(subject, "rollout")),
    explore: policy.explore === 0 ? 1 : draw(conversation, "explore"),
    neighbour: policy.explore === 0 ? 0 : draw(conversation, "neighbour"),
  };
}

/** First turns are often the same ("hi"), sessions are not. */
function conversationOf({ sessionId, facts }: RouteRequest): string | null {
  return sessionId ?? facts.conversationHash;
}

/** A tool loop whose human turn is with the provider stays in the group that served it before; null: it is in none. */
function groupDraw(request: RouteRequest, policy: Policy): number | null {
  if (writerOf(request, policy) !== null) return 0;
  return isServedAsAsked(request, policy) ? 1 : null;
}

/** All that is decided by lot in a request, as a context takes it. */
export interface Lots {
  /** In [0, 1): where in splits by weight the request falls. */
  readonly draw: number;
  readonly draws: Draws;
}

/** Draws for a request. @param random in [0, 1), for requests that belong to no conversation; 0 where it is left out. */
export function drawLots(request: RouteRequest, policy: Policy, random: () => number = () => 0): Lots {
  const conversation = conversationOf(request);
  return {
    draw: conversation === null ? random() : drawOf(conversation, "split"),
    draws: drawsOf(request, policy, random),
  };
}

/** A number in [0, 1) that is always the same for a seed and a purpose. */
export function drawOf(seed: string, purpose: keyof Draws | "split"): number {
  const digest = hash("sha256", `${purpose}\n${seed}`, "hex");
  return Number.parseInt(digest.slice(0, DRAW_DIGITS), 16) / 16 ** DRAW_DIGITS;
}
