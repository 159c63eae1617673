import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseClassifier } from "../../src/classify/choose-classifier.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import type { Asked } from "../../src/explain/change.ts";
import { ConversationMemory } from "../../src/explain/logged/conversation-memory.ts";
import type { LoggedDecision } from "../../src/explain/logged/logged-decision.ts";
import { createRedecider } from "../../src/explain/logged/redecide.ts";
import { asked } from "./random-asked.ts";
import { rowOf } from "./row-of.ts";

function redecide({ context }: Asked, row: LoggedDecision) {
  const { policy, draw } = context;
  const classifier = chooseClassifier(policy.classifier);
  return createRedecider({ policy, classifier, catalog: null, memory: new ConversationMemory() })(row, draw);
}

describe("createRedecider()", () => {
  it.each(["none", "full"] as const)(
    "decides a row again as it was decided, or says why not, with store_text: %s",
    (storeText) => {
      const why = new Map<string, number>();
      fc.assert(
        fc.property(asked, (given) => {
          const decision = decide(given.request, given.context);
          const again = redecide(given, rowOf(given, decision, storeText));
          const result = again.ok ? "decided" : again.why;
          why.set(result, 1 + (why.get(result) ?? 0));
          if (!again.ok) return;
          const { tier, model, method, score, mode } = again.decision;
          expect({ tier, model, method, score, mode }).toEqual({
            tier: decision.tier,
            model: decision.model,
            method: decision.method,
            score: decision.score,
            mode: decision.mode,
          });
        }),
        { numRuns: 400 },
      );
      expect(why.get("decided")).toBeGreaterThan(100);
    },
  );

  it.each(["none", "full"] as const)(
    "never decides by a rule whose conditions it does not know, with store_text: %s",
    (storeText) => {
      fc.assert(
        fc.property(asked, (given) => {
          const decision = decide(given.request, given.context);
          const row = { ...rowOf(given, decision, storeText), policy_revision: "another" };
          const again = redecide(given, row);
          if (!again.ok || decision.exploredFrom !== null) return;
          const rulesOf = ({ trace }: Decision) => trace.find((step) => step.step === "rules")?.matched ?? [];
          expect(rulesOf(again.decision)).toEqual(rulesOf(decision));
        }),
        { numRuns: 400 },
      );
    },
  );
});
