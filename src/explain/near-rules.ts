import type { Decision } from "../decide/decision.ts";
import { holds, nameOf } from "../decide/rule-conditions.ts";
import { createRuleSubject } from "../decide/rule-subject.ts";
import type { Policy } from "../policy/policy.ts";
import type { Condition } from "../policy/rule.ts";
import type { Asked } from "./change.ts";
import { foundBy, wantedBy } from "./condition-words.ts";
import { type Flip, tryChange } from "./flips.ts";

/** A rule of which all conditions but one held. */
export interface NearRule {
  readonly rule: string;
  /** The condition that did not hold, by its key in the file. */
  readonly condition: string;
  /** What it asks for, and what the request has, in words; null where the file has no such rule any more. */
  readonly wanted: string | null;
  /** null where that is not known too. */
  readonly found: string | null;
  /** Where it would have led had it matched; null where that is no other tier or model, or not known. */
  readonly flip: Flip | null;
  readonly isKnown: boolean;
}

/** The rules that nearly matched, with what they missed. */
export function findNearRules(asked: Asked, decision: Decision): NearRule[] {
  const { policy } = asked.context;
  const subject = createRuleSubject(asked.request, asked.context);
  return decision.trace.flatMap((step) => {
    if (step.step !== "rules") return [];
    return step.near.map(({ rule, failed }) => {
      const missed = conditionOf(policy, { rule, failed }, (condition) => !holds(condition, subject));
      return {
        rule,
        condition: failed,
        wanted: missed && wantedBy(missed),
        found: missed && foundBy(missed, subject),
        flip: tryChange(asked, decision, { kind: "with_rule", rule }),
        isKnown: true,
      };
    });
  });
}

/** The condition of a rule that did not hold; null where there is none. */
export function conditionOf(
  { rules }: Policy,
  { rule, failed }: { readonly rule: string; readonly failed: string },
  isMissed: (condition: Condition) => boolean,
): Condition | null {
  const conditions = rules.find(({ name }) => name === rule)?.conditions ?? [];
  return conditions.find((condition) => nameOf(condition) === failed && isMissed(condition)) ?? null;
}
