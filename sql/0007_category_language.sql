-- What the newest human turn asks for, and in which language. Columns without a default are added to the catalogue
-- alone: no row is written, however large the log is. Rows from before keep null.

ALTER TABLE routing_logs ADD COLUMN category text, ADD COLUMN language text;
COMMENT ON COLUMN routing_logs.category IS 'Kind of work that the newest human turn asks for; null where there is none';
COMMENT ON COLUMN routing_logs.language IS 'Language of the newest human turn, ISO 639-1; null where nothing tells it';

CREATE OR REPLACE VIEW routing_training AS
SELECT
  l.id, l.timestamp, l.user_text, l.system_prompt, l.system_prompt_hash, l.token_count, l.conversation_turns,
  l.code_block_count, l.code_lines, l.has_error_trace, l.tool_count, l.tier, l.strategy, l.score,
  l.original_model, l.resolved_model, l.embedding, l.embedding_model, l.embedding_dim, l.method, l.confidence,
  l.reason, l.pick, l.candidates, l.propensity, l.policy_revision, l.classifier_revision,
  l.classifier_cost_usd, l.mode, l.trace, l.features, l.feature_version, l.call_type, l.litellm_call_id,
  l.key_hash, l.team_id, l.user_id, l.end_user_id, l.tags, l.conversation_id, l.turn, l.input_tokens_estimate,
  l.estimated_cost_usd, l.baseline_model, l.decide_us, l.redactions,
  o.reported_at, o.applied_model, o.denied_models, o.status, o.error_class, o.http_status, o.prompt_tokens,
  o.completion_tokens, o.reasoning_tokens, o.cached_tokens, o.cost_usd, o.baseline_cost_usd, o.latency_ms,
  o.ttft_ms, o.served_by, o.fallback_depth, o.retries, o.finish_reason, o.tool_calls, o.stream, o.cache_hit,
  o.litellm_call_id AS outcome_litellm_call_id, o.source AS outcome_source,
  (SELECT count(*)::integer FROM routing_feedback f
   WHERE f.decision_id = l.id AND f.rating = 'up') AS feedback_up,
  (SELECT count(*)::integer FROM routing_feedback f
   WHERE f.decision_id = l.id AND f.rating = 'down') AS feedback_down,
  coalesce(
    (SELECT f.expected_tier FROM routing_feedback f
     WHERE f.decision_id = l.id AND f.expected_tier IS NOT NULL
     ORDER BY f.created_at DESC, f.id DESC LIMIT 1),
    (SELECT b.tier FROM routing_labels b
     WHERE b.decision_id = l.id AND (b.source = 'label' OR b.source LIKE 'label:%') AND b.tier IS NOT NULL
     ORDER BY b.created_at DESC, b.source LIMIT 1)) AS expected_tier,
  coalesce((SELECT jsonb_object_agg(b.source, b.value) FROM routing_labels b
            WHERE b.decision_id = l.id), '{}') AS labels,
  l.rollout, l.explored_from, l.category, l.language
FROM routing_logs l
LEFT JOIN routing_outcomes o ON o.decision_id = l.id;

COMMENT ON COLUMN routing_training.expected_tier IS 'The newest that was given in feedback, else in labels that were brought in';
