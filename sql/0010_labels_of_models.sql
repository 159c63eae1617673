-- A failure says nothing of a model that was not asked, or that LiteLLM refused to ask: a request that is not well formed,
-- over which LiteLLM fails (such an outcome names none in served_by), a limit that the caller is over, a guardrail or
-- another hook that fails. Outcomes that were reported before named one, and are told by the class of their error, as
-- LiteLLM does not say more of them. All else is as in 0009_labels_by_person.
CREATE OR REPLACE FUNCTION routing_label_implicitly(since timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET jit = off
AS $$
DECLARE
  added integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('signalbox implicit labels', 0)) THEN RETURN NULL; END IF;
  EXECUTE format($query$
    WITH ended AS (
      SELECT o.decision_id, o.status, o.error_class, o.http_status, o.served_by, o.finish_reason, o.tool_calls,
        o.latency_ms
      FROM routing_outcomes o WHERE o.decision_id >= %1$L
    ), recent AS (
      SELECT l.id, routing_time_of(l.id) AS at, l.conversation_id, l.turn, l.key_hash, l.user_id, l.end_user_id,
        l.method,
        l.system_prompt_hash, l.resolved_model, l.input_tokens_estimate, l.estimated_cost_usd,
        l.method IN ('auto', 'rule', 'override', 'pattern', 'fallback') AS is_routed
      FROM routing_logs l WHERE l.id >= %1$L AND l.conversation_id IS NOT NULL
    ), failed AS (
      SELECT decision_id, 'implicit:error' AS source, NULL::text AS tier,
        concat_ws(' ', http_status, error_class) AS note
      FROM ended
      WHERE status = 'failure' AND served_by IS NOT NULL
        AND (http_status IS NULL OR http_status >= 500 OR http_status = 408
          OR (http_status = 429 AND error_class LIKE '%%RateLimitError'))
        AND coalesce(error_class, '') NOT IN ('ProxyRateLimitError', 'HTTPException', 'ProxyException')
    ), cut AS (
      SELECT decision_id, 'implicit:cut_answer', NULL::text, finish_reason
      FROM ended WHERE finish_reason IN ('length', 'max_tokens')
    ), next AS (
      SELECT id, at, turn, system_prompt_hash, lead(at) OVER following AS next_at,
        lead(turn) OVER following AS next_turn, lead(system_prompt_hash) OVER following AS next_system
      FROM recent
      WINDOW following AS (PARTITION BY conversation_id, key_hash, user_id, end_user_id ORDER BY id)
    ), asked_again AS (
      SELECT n.id, 'implicit:asked_again', NULL::text, NULL::text
      FROM next n JOIN ended e ON e.decision_id = n.id
      WHERE n.next_turn = n.turn
        AND n.next_system IS NOT DISTINCT FROM n.system_prompt_hash
        AND n.next_at < n.at + interval '10 minutes'
        AND n.next_at >= n.at + coalesce(e.latency_ms, 0) * interval '1 ms'
        AND e.status IN ('success', 'cancelled')
        AND coalesce(cardinality(e.tool_calls), 0) = 0
        AND e.finish_reason IS DISTINCT FROM 'tool_calls'
    ), asked_by_name AS (
      SELECT *, max(id::text) FILTER (WHERE is_routed) OVER (
        PARTITION BY conversation_id, key_hash, user_id, end_user_id ORDER BY id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)::uuid AS before_id
      FROM recent
    ), escalated AS (
      SELECT DISTINCT ON (a.id) a.id, 'implicit:escalated', known.tier, b.resolved_model
      FROM asked_by_name b
      JOIN routing_logs a ON a.id = b.before_id AND a.id >= %1$L
      LEFT JOIN LATERAL (
        SELECT c.value ->> 'tier' AS tier, (c.value ->> 'estimated_cost_usd')::double precision AS cost_usd
        FROM json_array_elements(a.candidates) AS c WHERE c.value ->> 'model' = b.resolved_model LIMIT 1
      ) AS known ON true
      WHERE b.method IN ('passthrough', 'alias') AND b.turn >= a.turn AND b.resolved_model <> a.resolved_model
        AND b.at < routing_time_of(a.id) + interval '10 minutes'
        AND coalesce(known.cost_usd > a.estimated_cost_usd,
          b.estimated_cost_usd / nullif(b.input_tokens_estimate, 0)
            > a.estimated_cost_usd / nullif(a.input_tokens_estimate, 0))
      ORDER BY a.id, b.id
    )
    INSERT INTO routing_labels (decision_id, source, tier, value, note, created_at)
    SELECT decision_id, source, tier, 1, note, now()
    FROM (TABLE failed UNION ALL TABLE cut UNION ALL TABLE asked_again UNION ALL TABLE escalated) AS labels
    ON CONFLICT (decision_id, source) DO NOTHING
  $query$, routing_id_at(since));
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added;
END
$$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION routing_label_implicitly(timestamptz) SET search_path = %I, pg_temp',
    current_schema());
END
$$;

UPDATE routing_outcomes SET served_by = NULL
WHERE status = 'failure' AND (error_class = 'ProxyRateLimitError' OR (http_status IS NULL
  AND error_class IN ('AttributeError', 'IndexError', 'KeyError', 'TypeError', 'ValueError')));

-- A note is the status, where one was known, and the class.
DELETE FROM routing_labels
WHERE source = 'implicit:error'
  AND (note IN ('AttributeError', 'IndexError', 'KeyError', 'TypeError', 'ValueError')
    OR note ~ '(^| )(ProxyRateLimitError|HTTPException|ProxyException)$');
