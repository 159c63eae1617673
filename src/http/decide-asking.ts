import type { Consult, Opinion } from "../classify/opinion.ts";
import { atAsk } from "../decide/at-ask.ts";
import type { Context } from "../decide/context.ts";
import { isSilent } from "../decide/conversation.ts";
import { decide } from "../decide/decide.ts";
import type { Decision } from "../decide/decision.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";

/** How a request is decided where an LLM may be asked. */
export interface Asking {
  /** The fast classifier's, and all else that a decision depends on. */
  readonly context: Context;
  /** null where no LLM is ever asked. */
  readonly consult: Consult | null;
  /** When the decision is needed, as `performance.now()` counts. */
  readonly untilMs: number;
}

/**
 * Decides with the fast classifier, and at once, unless an LLM is to be asked about the newest human turn: then decides
 * again with what it says. Earlier turns are the fast classifier's alone. A promise never rejects.
 */
export function decideAsking(request: RouteRequest, asking: Asking): Decision | Promise<Decision> {
  return decideThen(request, asking, theDecision);
}

const theDecision = (decision: Decision) => decision;

/** The same; `finish` makes of the decision, and of what it was decided with, what is answered. */
export function decideThen<Answer>(
  request: RouteRequest,
  asking: Asking,
  finish: (decision: Decision, context: Context) => Answer,
): Answer | Promise<Answer> {
  const { context, consult, untilMs } = asking;
  const first = decide(request, context);
  const turn = request.turns.at(-1);
  const { strategy, score, confidence } = first;
  if (consult === null || strategy === null || score === null) return finish(first, context);
  if (turn === undefined || isSilent(turn, context.policy)) return finish(first, context);
  const fast = { strategy, score, confidence };
  const opinion = consult({ request: atAsk(request), turn, fast, untilMs });
  if (opinion === null) return finish(first, context);
  const again = (known: Opinion) => {
    const informed = withOpinion(context, known, { turn, strategy });
    return finish(decide(request, informed), informed);
  };
  return opinion instanceof Promise ? opinion.then(again) : again(opinion);
}

function withOpinion(
  context: Context,
  opinion: Opinion,
  { turn, strategy }: { readonly turn: HumanTurn; readonly strategy: string },
): Context {
  const { verdict, words } = opinion;
  if (verdict === null) return { ...context, opinion, instead: `${strategy} decided, ${words}` };
  const classify: Context["classify"] = (request, asked) =>
    asked === turn ? verdict : context.classify(request, asked);
  return { ...context, opinion, classify, instead: null };
}
