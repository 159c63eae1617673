import { atAsk } from "../../decide/at-ask.ts";
import { isSilent } from "../../decide/conversation.ts";
import { holds, nameOf } from "../../decide/rule-conditions.ts";
import { createRuleSubject, type RuleSubject } from "../../decide/rule-subject.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Condition, Rule } from "../../policy/rule.ts";
import type { RouteRequest } from "../../request/route-request.ts";
import { type LoggedDecision, momentOf, stepOf } from "./logged-decision.ts";
import { featureOf, isHashed, textOf } from "./logged-request.ts";

/** What rules ask about, and the row that tells it. */
export interface LoggedSubject {
  readonly row: LoggedDecision;
  readonly subject: RuleSubject;
  /** The turn whose words rules read; null where the row does not have it. */
  readonly text: string | null;
  /** The same with what is masked left out; null where nothing of the row is. */
  readonly unmasked: RuleSubject | null;
}

/** Which rules match a logged request, or what is not known of it. */
export type LoggedRules =
  | { readonly ok: true; readonly matched: ReadonlySet<string> }
  | { readonly ok: false; readonly why: string };

/** What rules of a policy ask about of a logged request. */
export function loggedSubject(row: LoggedDecision, request: RouteRequest, policy: Policy): LoggedSubject {
  const asked = atAsk(request);
  const world = { policy, now: momentOf(row) };
  const isMasked = (row.redactions ?? 0) > 0;
  return {
    row,
    subject: createRuleSubject(asked, world),
    text: textThatRulesRead(row, policy),
    unmasked: isMasked ? createRuleSubject(bareOf(asked), world) : null,
  };
}

/** What stands in a stored text for what was masked: `[IBAN]`. */
const MASK = /\[[A-Z][A-Z_]+\]/g;

/** Stands for what was masked, which was something: a blank would join the words around it. */
const UNKNOWN_WORDS = "\ufffc";

const withoutMasks = (text: string) => text.replaceAll(MASK, UNKNOWN_WORDS);

function bareOf(request: RouteRequest): RouteRequest {
  const turns = request.turns.map((turn) => ({ ...turn, text: withoutMasks(turn.text) }));
  return { ...request, systemText: withoutMasks(request.systemText), turns };
}

/** A row holds the newest turn alone: behind "go on" rules read one before it. */
function textThatRulesRead(row: LoggedDecision, policy: Policy): string | null {
  const text = textOf(row);
  return text !== null && row.turn > 1 && isSilent({ text }, policy) ? null : text;
}

/**
 * Finds the rules that match. Under the policy that decided, those that matched then; else each rule is asked again,
 * and one that turns on what is not logged leaves the row undecided.
 */
export function matchLogged(policy: Policy, logged: LoggedSubject): LoggedRules {
  const then = stepOf(logged.row, "rules");
  if (logged.row.policy_revision === policy.revision && then !== undefined) {
    const behind = askInOrder(rulesBehind(policy, then.matched), logged);
    return { ok: true, matched: new Set([...then.matched, ...behind.matched]) };
  }
  const { matched, open } = askInOrder(policy.rules, logged);
  if (open === null) return { ok: true, matched };
  return { ok: false, why: `a rule asks for ${unknownOf(open, logged)}, which is not logged` };
}

/** The rules behind the one that stopped: they were not asked. None where no rule did. */
export function rulesBehind({ rules }: Policy, matched: readonly string[]): readonly Rule[] {
  const at = rules.findIndex(({ name, stop }) => stop && matched.includes(name));
  return at < 0 ? [] : rules.slice(at + 1);
}

/** Asks rules in order until one stops; `open` is one of which the row does not tell whether it matches: there it ends. */
export function askInOrder(
  rules: readonly Rule[],
  logged: LoggedSubject,
): { readonly matched: ReadonlySet<string>; readonly open: Rule | null } {
  const matched = new Set<string>();
  for (const rule of rules) {
    const isMatch = allHold(rule.conditions, logged);
    if (isMatch === null) return { matched, open: rule };
    if (isMatch) matched.add(rule.name);
    if (isMatch && rule.stop) break;
  }
  return { matched, open: null };
}

/** Never holds. */
const NEVER: Condition = { kind: "tag", any: [] };

/** The rules of a policy, so that these match and no others; of the others none nearly does. */
export function rulesThatMatch({ rules }: Policy, matched: ReadonlySet<string>): Rule[] {
  return rules.map((rule) => ({ ...rule, conditions: matched.has(rule.name) ? [] : [NEVER] }));
}

function unknownOf({ conditions }: Rule, logged: LoggedSubject): string {
  const unknown = conditions.find((condition) => holdsLogged(condition, logged) === null);
  return unknown === undefined ? "something" : nameOf(unknown);
}

function allHold(conditions: readonly Condition[], logged: LoggedSubject): boolean | null {
  const results = conditions.map((condition) => holdsLogged(condition, logged));
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

/** Whether a condition held; null where the row does not tell. */
export function holdsLogged(condition: Condition, logged: LoggedSubject): boolean | null {
  const { subject, text, row } = logged;
  switch (condition.kind) {
    case "has_code":
    case "has_error_trace":
      return text === null ? withoutText(condition, row) : holds(condition, subject);
    case "system_matches":
      return systemHolds(condition, logged);
    case "tool_name":
      return row.tool_count === 0 ? false : null;
    case "tag":
    case "model_requested":
      return ownWordHolds(condition, logged);
    case "not":
      return noneHolds(condition.blocks, logged);
    case "text_contains":
    case "text_matches":
      return text === null ? null : wordsHold(condition, text, logged);
    default:
      return isLogged(condition.kind, logged) ? holds(condition, subject) : null;
  }
}

/** A tag or a name that is stored as its hash may be any. */
function ownWordHolds(condition: Condition, { row, subject }: LoggedSubject): boolean | null {
  if (holds(condition, subject)) return true;
  const words = condition.kind === "tag" ? row.tags : [row.original_model];
  return words.some(isHashed) ? null : false;
}

/** Whether the row tells all that a condition asks for. */
function isLogged(kind: Condition["kind"], { text, row }: LoggedSubject): boolean {
  switch (kind) {
    case "category":
    case "language":
      return text !== null;
    case "has_images":
      return featureOf(row, "images") !== null;
    case "text_contains":
    case "text_matches":
    case "has_code":
    case "has_error_trace":
    case "system_matches":
    case "tool_name":
    case "tag":
    case "model_requested":
    case "not":
    case "harness_matches":
    case "key_alias":
    case "header":
    case "min_budget_used_ratio":
      return false;
    case "min_input_tokens":
    case "max_input_tokens":
    case "turns":
    case "has_tools":
    case "call_type":
    case "team_id":
    case "user_id":
    case "hour":
    case "weekday":
      return true;
    default:
      return kind satisfies never;
  }
}

/** What was masked may have been any words: without it they are there, or it is not known whether they were. */
function wordsHold(condition: Condition, text: string, { subject, unmasked }: LoggedSubject): boolean | null {
  if (unmasked === null || withoutMasks(text) === text) return holds(condition, subject);
  return holds(condition, unmasked) || null;
}

/** The counts are over the whole request: where they find nothing, there is nothing in any turn. */
function withoutText(
  { kind, is }: Extract<Condition, { readonly is: boolean }>,
  row: LoggedDecision,
): boolean | null {
  const isAnywhere = kind === "has_code" ? row.code_block_count > 0 : row.has_error_trace;
  return isAnywhere ? null : !is;
}

/** Most characters of the system text that are stored. */
const MAX_SYSTEM_CHARS = 1_000;

function systemHolds(condition: Condition, logged: LoggedSubject): boolean | null {
  const { row } = logged;
  if (row.system_prompt_hash === null) return false;
  if (row.system_prompt === null || row.system_prompt === "") return null;
  const isHeld = wordsHold(condition, row.system_prompt, logged);
  if (isHeld !== false) return isHeld;
  return row.system_prompt.length < MAX_SYSTEM_CHARS ? false : null;
}

function noneHolds(blocks: readonly (readonly Condition[])[], logged: LoggedSubject): boolean | null {
  const results = blocks.map((block) => allHold(block, logged));
  if (results.includes(true)) return false;
  return results.includes(null) ? null : true;
}
