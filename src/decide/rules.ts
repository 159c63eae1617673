import type { Condition, Rule } from "../policy/rule.ts";
import type { NearMiss } from "./decision.ts";
import { holds, nameOf } from "./rule-conditions.ts";
import type { RuleSubject } from "./rule-subject.ts";

/** Most rules that a trace names as nearly matched. */
const MAX_NEAR = 8;

/** What became of the rules of a policy for one request. */
export interface RuleMatches {
  /** In the order of the file: those that go on, and at last one that stops. */
  readonly matched: readonly Rule[];
  /** Rules before the last matched one, or all, of whose conditions all but one held. */
  readonly near: readonly NearMiss[];
}

/** Goes through the rules in the order of the file until one matches that stops. */
export function matchRules(rules: readonly Rule[], subject: RuleSubject): RuleMatches {
  const matched: Rule[] = [];
  const near: NearMiss[] = [];
  for (const rule of rules) {
    const isNearSought = rule.conditions.length > 1 && near.length < MAX_NEAR;
    const failed = failedCondition(rule, subject, isNearSought);
    if (failed === null) {
      matched.push(rule);
      if (rule.stop) break;
    } else if (isNearSought && failed !== "several") {
      near.push({ rule: rule.name, failed: nameOf(failed) });
    }
  }
  return { matched, near };
}

/** null where all conditions hold; the first that does not is told from several only where that is asked. */
function failedCondition(
  { conditions }: Rule,
  subject: RuleSubject,
  tellsSeveral: boolean,
): Condition | "several" | null {
  let failed: Condition | null = null;
  for (const condition of conditions) {
    if (holds(condition, subject)) continue;
    if (failed !== null) return "several";
    failed = condition;
    if (!tellsSeveral) break;
  }
  return failed;
}
