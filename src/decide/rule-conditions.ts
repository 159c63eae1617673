import type { Condition, Span, TextPattern } from "../policy/rule.ts";
import type { RuleSubject } from "./rule-subject.ts";

/** Whether a condition of a rule holds. Total: what a request does not tell never holds. */
export function holds(condition: Condition, subject: RuleSubject): boolean {
  const { request } = subject;
  const { facts, caller } = request;
  switch (condition.kind) {
    case "text_contains":
    case "text_matches":
      return matches(condition.any, subject.text());
    case "system_matches":
      return matches(condition.any, request.systemText);
    case "harness_matches":
      return matches(condition.any, request.harnessText);
    case "category":
      return isAmong(subject.category(), condition.any);
    case "language":
      return isAmong(subject.language(), condition.any);
    case "min_input_tokens":
      return subject.inputTokens() >= condition.tokens;
    case "max_input_tokens":
      return subject.inputTokens() <= condition.tokens;
    case "turns":
      return isWithin(facts.humanTurns, condition.any);
    case "has_images":
      return facts.images > 0 === condition.is;
    case "has_tools":
      return facts.toolNames.length > 0 === condition.is;
    case "has_code":
      return subject.code().blocks > 0 === condition.is;
    case "has_error_trace":
      return subject.code().hasErrorTrace === condition.is;
    case "tool_name":
      return matchesAny(condition.any, facts.toolNames);
    case "model_requested":
      return matches(condition.any, request.requestedModel);
    case "call_type":
      return isAmong(request.callType, condition.any);
    case "team_id":
      return isAmong(caller.teamId, condition.any);
    case "user_id":
      return isAmong(caller.userId, condition.any);
    case "key_alias":
      return isAmong(caller.keyAlias, condition.any);
    case "tag":
      return hasAnyOf(request.tags, condition.any);
    case "header":
      return headerMatches(request.headers, condition);
    case "hour":
      return isWithin(subject.localTime(condition.zone).hour, condition.any);
    case "weekday":
      return isWithin(subject.localTime(condition.zone).weekday, condition.any);
    case "min_budget_used_ratio":
      return caller.budgetUsedRatio !== null && caller.budgetUsedRatio >= condition.ratio;
    case "not":
      return !anyHolds(condition.blocks, subject);
    default:
      return condition satisfies never;
  }
}

/** A condition as traces name it: its key in the file, a header with its name. */
export function nameOf(condition: Condition): string {
  return condition.kind === "header" ? `header ${condition.name}` : condition.kind;
}

// Functions within `holds` would make each call of it allocate, as closures and iterators do, and it is called for each condition.

function anyHolds(blocks: readonly (readonly Condition[])[], subject: RuleSubject): boolean {
  for (let i = 0; i < blocks.length; i += 1) if (allHold(blocks[i] ?? [], subject)) return true;
  return false;
}

function allHold(block: readonly Condition[], subject: RuleSubject): boolean {
  for (let i = 0; i < block.length; i += 1) {
    const condition = block[i];
    if (condition !== undefined && !holds(condition, subject)) return false;
  }
  return true;
}

function matchesAny(patterns: readonly TextPattern[], texts: readonly string[]): boolean {
  for (let i = 0; i < texts.length; i += 1) if (matches(patterns, texts[i] ?? "")) return true;
  return false;
}

function matches(patterns: readonly TextPattern[], text: string): boolean {
  for (let i = 0; i < patterns.length; i += 1) if (patterns[i]?.matches(text) === true) return true;
  return false;
}

function hasAnyOf(values: readonly string[], any: readonly string[]): boolean {
  for (let i = 0; i < values.length; i += 1) if (any.includes(values[i] ?? "")) return true;
  return false;
}

function isAmong<Value extends string>(value: Value | null, any: readonly Value[]): boolean {
  return value !== null && any.includes(value);
}

function isWithin(value: number, spans: readonly Span[]): boolean {
  return spans.some(({ min, max }) => min <= value && value <= max);
}

function headerMatches(
  headers: Readonly<Record<string, string>>,
  { name, any }: { readonly name: string; readonly any: readonly TextPattern[] },
): boolean {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return value !== undefined && matches(any, value);
}
