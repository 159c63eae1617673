import type { ClientBase } from "pg";

/** One decision with all that is known of it; the keys of each part are the columns of its table. */
export interface FoundDecision {
  /** Without the numbers of the embedding. */
  readonly decision: Readonly<Record<string, unknown>>;
  /** null where none was reported. */
  readonly outcome: Readonly<Record<string, unknown>> | null;
  /** Oldest first. */
  readonly feedback: readonly Readonly<Record<string, unknown>>[];
  /** By source. */
  readonly labels: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Finds a decision by its id. The statement has no name: it is planned for its id, of whose partitions there is
 * one a table.
 *
 * @param id a UUID.
 * @returns null where there is none.
 */
export async function findDecision(client: ClientBase, id: string): Promise<FoundDecision | null> {
  const { rows } = await client.query<FoundDecision>(FIND, [id]);
  return rows[0] ?? null;
}

const FIND = `
  SELECT
    (SELECT row_to_json(columns) FROM (SELECT
      l.id, l.timestamp, l.user_text, l.system_prompt, l.system_prompt_hash, l.token_count,
      l.conversation_turns, l.code_block_count, l.code_lines, l.has_error_trace, l.tool_count, l.tier,
      l.strategy, l.score, l.original_model, l.resolved_model, l.embedding_model, l.embedding_dim, l.method,
      l.confidence, l.reason, l.pick, l.candidates, l.propensity, l.policy_revision, l.classifier_revision,
      l.classifier_cost_usd, l.mode, l.rollout, l.explored_from, l.category, l.language, l.trace, l.features,
      l.feature_version, l.call_type, l.litellm_call_id,
      l.key_hash, l.team_id, l.user_id, l.end_user_id, l.tags, l.conversation_id, l.turn,
      l.input_tokens_estimate, l.estimated_cost_usd, l.baseline_model, l.decide_us, l.redactions
    ) AS columns) AS decision,
    (SELECT row_to_json(o) FROM (SELECT
      decision_id, reported_at, applied_model, denied_models, status, error_class, http_status, prompt_tokens,
      completion_tokens, reasoning_tokens, cached_tokens, cost_usd, baseline_cost_usd, latency_ms, ttft_ms,
      served_by, fallback_depth, retries, finish_reason, tool_calls, stream, cache_hit, litellm_call_id, source
      FROM routing_outcomes WHERE decision_id = $1) AS o) AS outcome,
    (SELECT coalesce(json_agg(f ORDER BY f.created_at, f.id), '[]') FROM (SELECT
      id, decision_id, created_at, rating, expected_tier, comment, source
      FROM routing_feedback WHERE decision_id = $1) AS f) AS feedback,
    (SELECT coalesce(json_agg(b ORDER BY b.source), '[]') FROM (SELECT
      decision_id, source, tier, value, note, created_at
      FROM routing_labels WHERE decision_id = $1) AS b) AS labels
  FROM routing_logs l
  WHERE l.id = $1`;
