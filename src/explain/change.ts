import type { Verdict } from "../classify/verdict.ts";
import { atAsk } from "../decide/at-ask.ts";
import type { Context } from "../decide/context.ts";
import { scoredTurn } from "../decide/conversation.ts";
import { costAtAsk } from "../decide/eligible.ts";
import { estimateInputTokens } from "../decide/input-tokens.ts";
import { overrideHeaders } from "../decide/overrides.ts";
import type { RouteRequest } from "../request/route-request.ts";

/** A request, and what it is decided with. */
export interface Asked {
  readonly request: RouteRequest;
  readonly context: Context;
}

/** One thing that could have been otherwise. */
export type Change =
  /** The score of the request, 0..100; a hint of the client counts no more. */
  | { readonly kind: "score"; readonly score: number }
  /** A rule is not in the file. */
  | { readonly kind: "without_rule"; readonly rule: string }
  /** A rule matches whatever its conditions say. */
  | { readonly kind: "with_rule"; readonly rule: string }
  /** A model can take the request, whatever speaks against it. */
  | { readonly kind: "able"; readonly model: string }
  /** The client sent no header that asks for something; these it sent. */
  | { readonly kind: "without_headers"; readonly headers: readonly string[] }
  /** The turn that is scored is the first of its conversation. */
  | { readonly kind: "without_history" }
  /** The turn is not raised above what its conversation calls for, whatever it says. */
  | { readonly kind: "without_raise"; readonly found: string }
  /** No prompt cache holds the tier. */
  | { readonly kind: "without_hold" }
  /** No other tier is tried by lot. */
  | { readonly kind: "without_lot" };

/** What is decided on where one thing is otherwise. All else stays as it is, the size of the request too. */
export function applyChange({ request, context }: Asked, change: Change): Asked {
  switch (change.kind) {
    case "score":
      return withScore({ request, context }, change.score);
    case "without_rule":
      return { request, context: withRules(context, (rule) => (rule.name === change.rule ? [] : [rule])) };
    case "with_rule":
      return {
        request,
        context: withRules(context, (rule) =>
          rule.name === change.rule ? [{ ...rule, conditions: [] }] : [rule],
        ),
      };
    case "able":
      return { request, context: withAble({ request, context }, change.model) };
    case "without_headers":
      return { request: withoutHeaders(request, context), context };
    case "without_history":
      return { request: withoutHistory(request, context), context };
    case "without_raise":
      return { request, context: { ...context, known: { ...context.known, raise: null } } };
    case "without_hold":
      return { request, context: { ...context, known: { ...context.known, hold: null } } };
    case "without_lot":
      return { request, context: withoutLot(context) };
    default:
      return change satisfies never;
  }
}

function withScore({ request, context }: Asked, score: number): Asked {
  const scored = scoredTurn(request, context.policy);
  const { classify } = context;
  const rescored: Context["classify"] = (asked, turn): Verdict => {
    const verdict = classify(asked, turn);
    return turn === scored ? { ...verdict, score } : verdict;
  };
  const { "x-signalbox-hint": _, ...headers } = request.headers;
  return { request: alike(request, { headers }), context: { ...context, classify: rescored } };
}

type Rules = Context["policy"]["rules"];

function withRules(context: Context, change: (rule: Rules[number]) => Rules): Context {
  const { policy } = context;
  return { ...context, policy: { ...policy, rules: policy.rules.flatMap(change) } };
}

function withAble({ request, context }: Asked, model: string): Context {
  // As the others are compared by it: in a tool loop that is not what it costs by now.
  const estimatedCostUsd = costAtAsk(request, context)(model);
  const told = new Map(context.told).set(model, { refusal: null, estimatedCostUsd, isSupposed: true });
  return { ...context, told };
}

function withoutHeaders(request: RouteRequest, { policy }: Context): RouteRequest {
  const asking = new Set(overrideHeaders(policy));
  const headers = Object.entries(request.headers).filter(([name]) => !asking.has(name));
  return alike(request, { headers: Object.fromEntries(headers) });
}

function withoutHistory(request: RouteRequest, { policy }: Context): RouteRequest {
  const scored = scoredTurn(request, policy);
  return alike(request, { turns: scored === undefined ? [] : [scored] });
}

function withoutLot(context: Context): Context {
  return context.draws === undefined ? context : { ...context, draws: { ...context.draws, explore: 1 } };
}

/** A copy that differs in these fields, and counts as large as the request. */
function alike(request: RouteRequest, changes: Partial<RouteRequest>): RouteRequest {
  const asked = atAsk(request);
  const ask = asked === request ? {} : { askInputTokens: estimateInputTokens(asked) };
  return { ...request, ...changes, ...ask, inputTokens: estimateInputTokens(request) };
}
