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
  const found: Found = { matched: [], near: [] };
  // By index here and below: what iterates over a frozen array allocates at each step, and there may be many rules.
  for (let i = 0; i < rules.length; i += 1) {
    const rule = rules[i];
    if (rule !== undefined && stopsAt(rule, subject, found)) break;
  }
  return found;
}

interface Found {
  readonly matched: Rule[];
  readonly near: NearMiss[];
}

/** Adds what becomes of a rule. @returns whether the rules behind it are not asked. */
function stopsAt(rule: Rule, subject: RuleSubject, { matched, near }: Found): boolean {
  const isNearSought = rule.conditions.length > 1 && near.length < MAX_NEAR;
  const failed = failedCondition(rule, subject, isNearSought);
  if (failed === null) {
    matched.push(rule);
    return rule.stop;
  }
  if (isNearSought && failed !== "several") near.push({ rule: rule.name, failed: nameOf(failed) });
  return false;
}

/** null where all conditions hold; the first that does not is told from several only where that is asked. */
function failedCondition(
  { conditions }: Rule,
  subject: RuleSubject,
  tellsSeveral: boolean,
): Condition | "several" | null {
  let failed: Condition | null = null;
  for (let i = 0; i < conditions.length; i += 1) {
    const condition = conditions[i];
    if (condition === undefined || holds(condition, subject)) continue;
    if (failed !== null) return "several";
    failed = condition;
    if (!tellsSeveral) break;
  }
  return failed;
}
