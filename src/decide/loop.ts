import type { RouteRequest } from "../request/route-request.ts";
import { atAsk, isInLoop } from "./at-ask.ts";
import type { Context } from "./context.ts";
import type { Candidate, TraceStep } from "./decision.ts";
import { assess } from "./eligible.ts";
import type { Plan } from "./plan.ts";

/** A tool loop that goes on with another model than its human turn calls for. */
export type LoopStep = Extract<TraceStep, { readonly step: "loop" }>;

/**
 * Finds out whether a tool loop has to leave the model that its human turn calls for, because that rests or cannot take
 * what the request has grown to. null where it does not, or the request is in no loop.
 *
 * @param planFor plans the same request as it was at another time.
 */
export function leaveLoop(
  request: RouteRequest,
  { served, context }: { readonly served: Plan; readonly context: Context },
  planFor: (request: RouteRequest, context: Context) => Plan,
): LoopStep | null {
  if (!isInLoop(request)) return null;
  const looked = lookedAt(served);
  const refused = looked.filter(({ eligible }) => !eligible);
  const pool = looked.map(({ model }) => model);
  const [asked, awake] = [atAsk(request), withoutRests(context)];
  // Planning takes most of the time of a decision, and most often nobody was refused on the way.
  if (!assess(refused, asked, { ...awake, pool }).some(({ eligible }) => eligible)) return null;
  const from = planFor(asked, awake).candidates[0]?.model;
  const to = served.candidates[0]?.model;
  const because = refused.find(({ model }) => model === from)?.refusal ?? null;
  if (from === undefined || to === undefined || from === to || because === null) return null;
  return { step: "loop", from, to, because };
}

function lookedAt({ steps }: Plan): Candidate[] {
  return steps.flatMap((step) => (step.step === "candidates" ? step.candidates : []));
}

/** A model that rested when the loop began is not where it began. */
function withoutRests({ health = new Map(), ...context }: Context): Context {
  const awake = [...health].map(([model, lately]) => {
    const coolUntilMs = lately.coolUntilMs === Number.POSITIVE_INFINITY ? lately.coolUntilMs : null;
    return [model, { ...lately, coolUntilMs }] as const;
  });
  return { ...context, health: new Map(awake) };
}
