-- While a policy is rolled out to a share of the requests, which group a decision belongs to; and the tier that would
-- have served where another was tried by lot. The key carries the group along, for the daily figures: its index is
-- built anew, which locks the log for as long as that takes; decisions wait in the outbox meanwhile.

ALTER TABLE routing_logs ADD COLUMN rollout text, ADD COLUMN explored_from text;
COMMENT ON COLUMN routing_logs.rollout IS 'policy: the decision was served, control: it was only logged; null where no policy was rolled out to a share';
COMMENT ON COLUMN routing_logs.explored_from IS 'Tier that would have served if no other had been tried by lot; null where none was';

ALTER TABLE routing_logs DROP CONSTRAINT routing_logs_pkey;
ALTER TABLE routing_logs ADD PRIMARY KEY (id) INCLUDE (
  tier, method, strategy, original_model, resolved_model, score, key_hash, team_id, user_id, conversation_id,
  mode, baseline_model, classifier_cost_usd, rollout);

ALTER TABLE routing_daily ADD COLUMN rollout text;

-- Counts the decisions of a range of ids, all of one day. Planned for its range each time.
CREATE OR REPLACE FUNCTION routing_count(day date, lower uuid, upper uuid) RETURNS SETOF routing_daily
LANGUAGE plpgsql STABLE
SET jit = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    WITH joined AS (
      SELECT l.tier, l.resolved_model AS model, l.method, l.strategy, l.rollout, o.*,
        CASE WHEN o.status = 'success' THEN
          least(80, 1 + floor(4 * ln(greatest(o.latency_ms, 1)) / ln(2::double precision)))::integer END AS bucket,
        coalesce(l.classifier_cost_usd, 0) AS classifier,
        l.baseline_model IS NOT NULL AND l.mode <> 'shadow' AS is_compared,
        CASE WHEN o.cache_hit THEN 0 ELSE o.baseline_cost_usd END - o.cost_usd AS saved
      FROM routing_logs l
      LEFT JOIN routing_outcomes o
        ON o.decision_id = l.id AND o.decision_id >= %2$L AND o.decision_id < %3$L
      WHERE l.id >= %2$L AND l.id < %3$L
    ), cells AS (
      SELECT tier, model, method, strategy, rollout, bucket,
        dense_rank() OVER (ORDER BY tier, model, method, strategy, rollout) AS rank,
        count(*) AS requests, count(decision_id) AS outcomes,
        count(*) FILTER (WHERE status = 'failure') AS failures,
        count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE cache_hit) AS cache_hits,
        sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
        sum(reasoning_tokens) AS reasoning_tokens, sum(cached_tokens) AS cached_tokens,
        sum(cost_usd) AS cost_usd, count(cost_usd) AS cost_known, sum(classifier) AS classifier,
        sum(saved - classifier) FILTER (WHERE is_compared) AS saved,
        count(saved) FILTER (WHERE is_compared) AS saved_known,
        count(*) FILTER (WHERE is_compared AND saved IS NULL) AS saved_unknown
      FROM joined
      GROUP BY tier, model, method, strategy, rollout, bucket
    ), latencies AS (
      SELECT ranks.rank, array_agg(coalesce(cells.requests, 0)::integer ORDER BY number) AS counts
      FROM (SELECT DISTINCT rank FROM cells) AS ranks
      CROSS JOIN generate_series(1, 80) AS number
      LEFT JOIN cells ON cells.rank = ranks.rank AND cells.bucket = number
      GROUP BY ranks.rank
    )
    SELECT %1$L::date, tier, model, method, strategy,
      sum(requests)::integer, sum(outcomes)::integer, sum(failures)::integer, sum(cancelled)::integer,
      sum(cache_hits)::integer,
      coalesce(sum(prompt_tokens), 0)::bigint, coalesce(sum(completion_tokens), 0)::bigint,
      coalesce(sum(reasoning_tokens), 0)::bigint, coalesce(sum(cached_tokens), 0)::bigint,
      coalesce(sum(cost_usd), 0), sum(cost_known)::integer, sum(classifier),
      coalesce(sum(saved), 0), sum(saved_known)::integer, sum(saved_unknown)::integer, latencies.counts,
      rollout
    FROM cells JOIN latencies USING (rank)
    GROUP BY rank, tier, model, method, strategy, rollout, latencies.counts
  $query$, day, lower, upper);
END
$$;

-- With the group and the tier that was left, and with labels that were brought in as the tier that would have been right.
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
  l.rollout, l.explored_from
FROM routing_logs l
LEFT JOIN routing_outcomes o ON o.decision_id = l.id;

COMMENT ON COLUMN routing_training.expected_tier IS 'The newest that was given in feedback, else in labels that were brought in';
