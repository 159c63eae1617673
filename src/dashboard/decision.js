/** @import {FoundDecisionReply} from "../http/decisions.ts" */
/** @import {Child} from "./dom.js" */
import { call } from "./api.js";
import { el, facts, isolated, section, table } from "./dom.js";
import { count, duration, percent, score, time, UNKNOWN, usd, ZONE } from "./format.js";
import { candidateTable, stepList } from "./steps.js";

/** Columns of an outcome that are shown as they are. */
const PLAIN_OUTCOME = [
  "error_class",
  "http_status",
  "finish_reason",
  "retries",
  "fallback_depth",
  "cache_hit",
  "stream",
];

/**
 * One decision with all that is known of it.
 *
 * @param {string} id
 */
export async function decisionPage(id) {
  /** @type {FoundDecisionReply} */
  const { decision, outcome, feedback, labels } = await call(`v1/decisions/${encodeURIComponent(id)}`);
  return [
    el("h2", {}, [isolated(decision.original_model), " → ", isolated(decision.resolved_model)]),
    el("p", { className: "lead" }, [decision.reason]),
    section("Decision", [decisionFacts(decision)]),
    decision.user_text === null ? null : section("Newest human turn", [el("pre", {}, [decision.user_text])]),
    section("Models", [candidateTable(decision.candidates, decision.resolved_model)]),
    section("Steps", [stepList(decision.trace)]),
    section("Outcome", [outcome === null ? none("None was reported.") : outcomeFacts(outcome)]),
    section("Feedback and labels", [opinions(feedback, labels)]),
    decision.system_prompt ? section("System text", [el("pre", {}, [decision.system_prompt])]) : null,
  ];
}

/** @param {string} words */
function none(words) {
  return el("p", { className: "none" }, [words]);
}

/** @param {FoundDecisionReply["decision"]} decision */
function decisionFacts(decision) {
  return facts([
    ["Id", decision.id],
    ["Time", `${time(decision.timestamp)}, ${ZONE}`],
    ["How", textOf(decision.method)],
    ["Tier", decision.tier],
    ["Score", decision.score === null ? null : `${score(decision.score)}, by ${textOf(decision.strategy)}`],
    ["Kind of work", textOf(decision.category)],
    ["Language", textOf(decision.language)],
    ["Mode", textOf(decision.mode)],
    ["Rollout", textOf(decision.rollout)],
    ["Chance", decision.propensity === 1 ? null : percent(numberOf(decision.propensity))],
    ["Input", `${count(numberOf(decision.input_tokens_estimate))} tokens, about`],
    ["Estimated cost", usd(numberOf(decision.estimated_cost_usd))],
    ["Policy", textOf(decision.policy_revision)],
    ["Key", textOf(decision.key_hash)],
    ["Team", textOf(decision.team_id)],
    ["User", textOf(decision.user_id)],
    ["Conversation", textOf(decision.conversation_id)],
    ["Human turns", textOf(decision.turn)],
  ]);
}

/** @param {NonNullable<FoundDecisionReply["outcome"]>} outcome */
function outcomeFacts(outcome) {
  const plain = PLAIN_OUTCOME.map(
    (name) => /** @type {const} */ ([name.replaceAll("_", " "), textOf(outcome[name])]),
  );
  return facts([
    ["status", el("span", { className: outcome.status }, [outcome.status])],
    ["served by", textOf(outcome.served_by)],
    ["true cost", usd(numberOf(outcome.cost_usd))],
    ["on the baseline", usd(numberOf(outcome.baseline_cost_usd))],
    [
      "tokens",
      `${count(numberOf(outcome.prompt_tokens))} in, ${count(numberOf(outcome.completion_tokens))} out`,
    ],
    ["latency", duration(numberOf(outcome.latency_ms))],
    ["first token", outcome.ttft_ms === null ? null : duration(numberOf(outcome.ttft_ms))],
    ...plain,
  ]);
}

/** @param {FoundDecisionReply["feedback"]} feedback @param {FoundDecisionReply["labels"]} labels */
function opinions(feedback, labels) {
  /** @type {Child[][]} */
  const rows = [
    ...feedback.map((row) => ["feedback", row.rating, wishOf(row)]),
    ...labels.map((row) => [row.source, textOf(row.score ?? row.value) ?? "", textOf(row.model) ?? ""]),
  ];
  return table([{ title: "Source" }, { title: "Says" }, { title: "" }], rows, "None yet.");
}

/** @param {FoundDecisionReply["feedback"][number]} row */
function wishOf({ expected_tier, comment }) {
  const [first, ...others] = [expected_tier, comment].flatMap((part) =>
    part ? [isolated(String(part))] : [],
  );
  return el("span", {}, [first ?? null, ...others.flatMap((part) => [": ", part])]);
}

/** @param {unknown} value @returns {string | null} */
function textOf(value) {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value) || UNKNOWN;
}

/** @param {unknown} value */
function numberOf(value) {
  return typeof value === "number" ? value : null;
}
