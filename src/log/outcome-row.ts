import type { Outcome, OutcomeSource, OutcomeStatus } from "./outcome.ts";
import { createVeil, type Privacy } from "./veil.ts";

/** A row of routing_outcomes, ready to be written as JSON. */
export interface OutcomeRow {
  readonly decision_id: string;
  /** ISO 8601, UTC. */
  readonly reported_at: string;
  readonly applied_model: string | null;
  readonly denied_models: readonly string[];
  readonly status: OutcomeStatus;
  readonly error_class: string | null;
  readonly http_status: number | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly cost_usd: number | null;
  readonly baseline_cost_usd: number | null;
  readonly latency_ms: number | null;
  readonly ttft_ms: number | null;
  readonly served_by: string | null;
  readonly fallback_depth: number | null;
  readonly retries: number | null;
  readonly finish_reason: string | null;
  readonly tool_calls: readonly string[];
  readonly stream: boolean | null;
  readonly cache_hit: boolean | null;
  readonly litellm_call_id: string | null;
  readonly source: OutcomeSource;
}

/** What the call cost, and what it would have cost on the baseline model, in USD; null where that is not known. */
export interface OutcomeCosts {
  readonly costUsd: number | null;
  readonly baselineCostUsd: number | null;
}

export interface OutcomeRowOptions {
  readonly privacy: Privacy;
  readonly costs: OutcomeCosts;
  readonly now: Date;
}

/** Names of classes and reasons that programs write have these forms; anything else may be a client's own word. */
const CLASS_NAME = /^[A-Za-z_][\w.]{0,99}$/;
const REASON = /^[a-z][a-z_]{0,39}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OTHER = "other";

/** Makes the row of an outcome. Pure and total. */
export function toOutcomeRow(outcome: Outcome, { privacy, costs, now }: OutcomeRowOptions): OutcomeRow {
  const veil = createVeil(privacy, []);
  const veilOrNull = (name: string | null) => (name === null ? null : veil.name(name));
  const callId = outcome.litellmCallId;
  return {
    decision_id: outcome.decisionId,
    reported_at: reportedAt(outcome, now),
    applied_model: veilOrNull(outcome.appliedModel),
    denied_models: outcome.deniedModels.map((name) => veil.name(name)),
    status: outcome.status,
    error_class: ownWord(outcome.errorClass, CLASS_NAME),
    http_status: outcome.httpStatus,
    prompt_tokens: outcome.promptTokens,
    completion_tokens: outcome.completionTokens,
    reasoning_tokens: outcome.reasoningTokens,
    cached_tokens: outcome.cachedTokens,
    cost_usd: costs.costUsd,
    baseline_cost_usd: costs.baselineCostUsd,
    latency_ms: outcome.latencyMs,
    ttft_ms: outcome.ttftMs,
    served_by: veilOrNull(outcome.servedBy),
    fallback_depth: outcome.fallbackDepth,
    retries: outcome.retries,
    finish_reason: ownWord(outcome.finishReason, REASON),
    tool_calls: outcome.toolCalls.map((name) => veil.name(name)),
    stream: outcome.stream,
    cache_hit: outcome.cacheHit,
    // A client can choose it.
    litellm_call_id: callId === null || UUID.test(callId) ? callId : veil.id(callId),
    source: outcome.source,
  };
}

/** The reporter's time, so that a report that comes twice is the same; never one that is still to come. */
function reportedAt({ reportedMs }: Outcome, now: Date): string {
  const ms = Math.min(reportedMs ?? Number.POSITIVE_INFINITY, now.getTime());
  return new Date(ms).toISOString();
}

function ownWord(word: string | null, form: RegExp): string | null {
  return word === null || form.test(word) ? word : OTHER;
}
