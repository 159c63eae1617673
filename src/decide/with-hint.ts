import type { Signal, Verdict } from "../classify/verdict.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { scoredTurn } from "./conversation.ts";

/** What a client's hint counts beside the score: 30 of 100, so that it moves a request by a tier rather than by two. */
const HINT_WEIGHT = 0.3;

/** The context with a classifier that blends the client's hint into the score of the turn whose score is the request's. */
export function withHint(request: RouteRequest, context: Context, hint: number | null): Context {
  const hinted = hint === null ? undefined : scoredTurn(request, context.policy);
  if (hint === null || hinted === undefined) return context;
  const { classify } = context;
  return {
    ...context,
    classify: (asked, turn) => (turn === hinted ? blend(classify(asked, turn), hint) : classify(asked, turn)),
  };
}

function blend(verdict: Verdict, hint: number): Verdict {
  const rest = 1 - HINT_WEIGHT;
  const found = "the header x-signalbox-hint";
  const own = { name: "hint", raw: hint, weight: HINT_WEIGHT, contribution: HINT_WEIGHT * hint, found };
  const lessened = (signal: Signal): Signal => {
    return { ...signal, weight: rest * signal.weight, contribution: rest * signal.contribution };
  };
  return {
    ...verdict,
    score: rest * verdict.score + HINT_WEIGHT * hint,
    signals: () => [...verdict.signals().map(lessened), own],
  };
}
