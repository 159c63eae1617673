import type { AliasTarget, Pick, Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { assess, assessOnlyKnown, costAtAsk, type Rung } from "./eligible.ts";
import { distinct, refusedOf } from "./ladder.ts";
import { pickOrder } from "./pick.ts";
import { candidatesStep, type Plan, UNCLASSIFIED } from "./plan.ts";
import { writerFirst } from "./response-loop.ts";
import { workOf } from "./work.ts";
import { writerOf } from "./writer.ts";

/** An alias names a model, a pool of models, or an objective over the whole ladder. */
export function planAlias(
  request: RouteRequest,
  target: Exclude<AliasTarget, { kind: "auto_route" }>,
  context: Context,
): Plan {
  const { rungs, pick, words } = openAlias(target, context);
  const world = { ...context, pool: rungs.map(({ model }) => model) };
  const looked = (target.kind === "model" ? assessOnlyKnown : assess)(rungs, request, world);
  const weights = target.kind === "pool" ? target.models : [];
  const category = target.kind === "pool" ? workOf(request, context) : null;
  const picked = pickOrder(looked, {
    pick,
    weights,
    category,
    prefer: null,
    costOf: costAtAsk(request, context),
    world: context,
  });
  const writer = writerOf(request, context.policy);
  const { candidates, propensity, steps, remarks } = writerFirst(writer, picked, looked);
  const reason = [`"${request.requestedModel}" is an alias of ${words}`, ...remarks].join("; ");
  const ordered = [...candidates, ...refusedOf(looked)];
  const shared = { method: "alias", virtual: true, candidates: distinct(candidates), propensity } as const;
  return {
    ...shared,
    ...UNCLASSIFIED,
    pick,
    reason,
    steps: [...steps, candidatesStep(pick, context, ordered)],
  };
}

function openAlias(
  target: Exclude<AliasTarget, { kind: "auto_route" }>,
  { policy }: Context,
): { readonly rungs: readonly Rung[]; readonly pick: Pick; readonly words: string } {
  switch (target.kind) {
    case "model":
      return { rungs: [{ model: target.model, tier: null }], pick: "first", words: `"${target.model}"` };
    case "pool": {
      const rungs = target.models.map(({ model }) => ({ model, tier: null }));
      return { rungs, pick: target.pick, words: `a pool, ordered by ${target.pick}` };
    }
    case "objective": {
      const { pick } = target;
      return { rungs: wholeLadder(policy), pick, words: `the whole ladder, ordered by ${pick}` };
    }
    default:
      return target satisfies never;
  }
}

/** Every model of the tiers once, in its cheapest tier. */
function wholeLadder({ tiers }: Policy): Rung[] {
  const rungs = tiers.flatMap(({ name, models }) => models.map(({ model }) => ({ model, tier: name })));
  return rungs.filter(({ model }, index) => rungs.findIndex((rung) => rung.model === model) === index);
}
