import { holds, nameOf } from "../decide/rule-conditions.ts";
import type { RuleSubject } from "../decide/rule-subject.ts";
import type { Condition, Span, TimeZone } from "../policy/rule.ts";

/** Most entries of a list that are named. */
const MAX_NAMED = 5;
/** Longest value of the request that is shown, in characters. */
const MAX_SHOWN = 80;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** What a condition asks for, in words. */
export function wantedBy(condition: Condition): string {
  switch (condition.kind) {
    case "text_contains":
      return `one of ${list(condition.any.map(({ source }) => `"${source}"`))}`;
    case "text_matches":
    case "system_matches":
    case "harness_matches":
      return `a match of ${list(condition.any.map(({ source }) => `/${source}/`))}`;
    case "min_input_tokens":
      return `at least ${condition.tokens}`;
    case "max_input_tokens":
      return `at most ${condition.tokens}`;
    case "turns":
    case "hour":
      return list(condition.any.map((span) => spanOf(span)));
    case "weekday":
      return list(condition.any.map((span) => spanOf(span, WEEKDAYS)));
    case "has_images":
    case "has_tools":
    case "has_code":
    case "has_error_trace":
      return yesOrNo(condition.is);
    case "tool_name":
    case "model_requested":
    case "header":
      return list(condition.any.map(({ source }) => source));
    case "category":
    case "language":
    case "call_type":
    case "team_id":
    case "user_id":
    case "key_alias":
    case "tag":
      return list(condition.any);
    case "min_budget_used_ratio":
      return `at least ${condition.ratio}`;
    case "not":
      return `not (${condition.blocks.map(namesOf).join(") nor (")})`;
    default:
      return condition satisfies never;
  }
}

/** What a request has where a condition did not hold, in words. Prompts are not quoted. */
export function foundBy(condition: Condition, subject: RuleSubject): string {
  const { facts, caller, tags, headers, requestedModel, callType } = subject.request;
  switch (condition.kind) {
    case "text_contains":
    case "text_matches":
    case "system_matches":
    case "harness_matches":
      return "none of it";
    case "category":
      return shown(subject.category());
    case "language":
      return shown(subject.language());
    case "min_input_tokens":
    case "max_input_tokens":
      return `about ${subject.inputTokens()}`;
    case "turns":
      return String(facts.humanTurns);
    case "has_images":
      return yesOrNo(facts.images > 0);
    case "has_tools":
      return yesOrNo(facts.toolNames.length > 0);
    case "has_code":
      return yesOrNo(subject.code().blocks > 0);
    case "has_error_trace":
      return yesOrNo(subject.code().hasErrorTrace);
    case "tool_name":
      return list(facts.toolNames);
    case "model_requested":
      return shown(requestedModel);
    case "call_type":
      return shown(callType);
    case "team_id":
      return shown(caller.teamId);
    case "user_id":
      return shown(caller.userId);
    case "key_alias":
      return shown(caller.keyAlias);
    case "tag":
      return list(tags);
    case "header":
      return shown(Object.hasOwn(headers, condition.name) ? (headers[condition.name] ?? null) : null);
    case "hour":
      return String(timeOf(subject, condition).hour);
    case "weekday":
      return WEEKDAYS[timeOf(subject, condition).weekday] ?? "none";
    case "min_budget_used_ratio":
      return caller.budgetUsedRatio === null ? "no budget" : String(caller.budgetUsedRatio);
    case "not":
      return namesOf(condition.blocks.find((block) => block.every((inner) => holds(inner, subject))) ?? []);
    default:
      return condition satisfies never;
  }
}

function timeOf(subject: RuleSubject, { zone }: { readonly zone: TimeZone }) {
  return subject.localTime(zone);
}

function namesOf(block: readonly Condition[]): string {
  return block.map((inner) => `${nameOf(inner)} ${wantedBy(inner)}`).join(", ");
}

function spanOf({ min, max }: Span, names?: readonly string[]): string {
  const name = (value: number) => names?.[value] ?? String(value);
  if (max === Number.MAX_SAFE_INTEGER) return `${min} and more`;
  return min === max ? name(min) : `${name(min)}-${name(max)}`;
}

function list(entries: readonly string[]): string {
  if (entries.length === 0) return "none";
  const left = entries.length - MAX_NAMED;
  const named = entries.slice(0, MAX_NAMED).map(shown).join(", ");
  return left > 0 ? `${named} and ${left} more` : named;
}

function shown(value: string | null): string {
  if (value === null) return "none";
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
