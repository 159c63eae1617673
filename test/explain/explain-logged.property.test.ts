import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import { stepsUp } from "../../src/decide/escalate.ts";
import { type Asked, applyChange } from "../../src/explain/change.ts";
import { explainLogged } from "../../src/explain/logged/explain-logged.ts";
import { asked } from "./random-asked.ts";
import { rowOf } from "./row-of.ts";

/** Whether its words ask for more where no tier is dearer: a note says that the row does not tell. */
function asksInVain({ request, context: { policy } }: Asked, { trace }: Decision): boolean {
  const isRaised = trace.some(({ step }) => step === "raise");
  return !isRaised && stepsUp(request.turns.toReversed(), policy).steps > 0;
}

/**
 * A request whose lots are none, so that nothing of it is drawn but splits by weight, while no model rests: of those below
 * a floor a row does not tell that.
 */
const withoutLots = asked.map(({ request, context: { draws: _, health = new Map(), ...context } }): Asked => {
  const awake = Array.from(health, ([model, lately]) => [model, { ...lately, coolUntilMs: null }] as const);
  return { request, context: { ...context, health: new Map(awake) } };
});

it("explainLogged() tells of a row without its text only what deciding the request again says, too", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(withoutLots, (given) => {
      const { policy, catalog } = given.context;
      const decision = decide(given.request, given.context);
      const row = rowOf(given, decision, "none");
      const classifier = chooseClassifier(policy.classifier);
      const { flips, nearRules } = explainLogged(row, { policy, classifier, catalog });
      for (const { change, tier, model, score } of [
        ...flips,
        ...nearRules.flatMap(({ flip }) => flip ?? []),
      ]) {
        seen.set(change.kind, 1 + (seen.get(change.kind) ?? 0));
        if (asksInVain(given, decision)) continue;
        const changed = applyChange(given, change);
        const then = decide(changed.request, changed.context);
        const isSplit = policy.tiers.some(({ name, pick }) => name === tier && pick === "weighted");
        expect({ change, tier: then.tier, score: then.score }).toEqual({ change, tier, score });
        if (!isSplit) expect({ change, model: then.model }).toEqual({ change, model });
      }
    }),
    { numRuns: 500 },
  );
  for (const kind of [
    "score",
    "able",
    "without_headers",
    "without_raise",
    "without_history",
    "without_rule",
  ]) {
    expect.soft([kind, (seen.get(kind) ?? 0) > 0]).toEqual([kind, true]);
  }
});
