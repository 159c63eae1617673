import type { Rule } from "../policy/rule.ts";
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
    const failed = failedConditions(rule, subject);
    const [first, second] = failed;
    if (first === undefined) {
      matched.push(rule);
      if (rule.stop) break;
    } else if (second === undefined && rule.conditions.length > 1 && near.length < MAX_NEAR) {
      near.push({ rule: rule.name, failed: first });
    }
  }
  return { matched, near };
}

/** Names of the conditions that do not hold; two say enough. */
function failedConditions({ conditions }: Rule, subject: RuleSubject): readonly string[] {
  const failed: string[] = [];
  for (const condition of conditions) {
    if (holds(condition, subject)) continue;
    failed.push(nameOf(condition));
    if (failed.length > 1 || conditions.length === 1) break;
  }
  return failed;
}
