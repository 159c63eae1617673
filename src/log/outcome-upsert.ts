/** Columns that a better report replaces. */
const REPLACED = [
  "reported_at",
  "applied_model",
  "denied_models",
  "status",
  "error_class",
  "http_status",
  "prompt_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "cached_tokens",
  "cost_usd",
  "baseline_cost_usd",
  "latency_ms",
  "ttft_ms",
  "served_by",
  "fallback_depth",
  "retries",
  "finish_reason",
  "tool_calls",
  "stream",
  "cache_hit",
  "litellm_call_id",
  "source",
];

/**
 * Stores a JSON array of outcomes, one a decision. A call may be reported more than once, for a model that failed
 * and then for the one that served: success beats failure, and of two alike the later one counts.
 */
export const outcomeUpsert = `
  INSERT INTO routing_outcomes AS o
  SELECT DISTINCT ON (decision_id) *
  FROM json_populate_recordset(NULL::routing_outcomes, $1)
  ORDER BY decision_id, status = 'success' DESC, reported_at DESC
  ON CONFLICT (decision_id) DO UPDATE
  SET ${REPLACED.map((column) => `${column} = EXCLUDED.${column}`).join(", ")}
  WHERE (EXCLUDED.status = 'success', EXCLUDED.reported_at) > (o.status = 'success', o.reported_at)`;
