-- Figures by the kind of work that is asked for. The key carries it along, for the daily figures: its index is built
-- anew, which locks the log for as long as that takes; decisions wait in the outbox meanwhile. Days whose figures are
-- there already have them under no category, until rows of them come or go.

ALTER TABLE routing_logs DROP CONSTRAINT routing_logs_pkey;
ALTER TABLE routing_logs ADD PRIMARY KEY (id) INCLUDE (
  tier, method, strategy, original_model, resolved_model, score, key_hash, team_id, user_id, conversation_id,
  mode, baseline_model, classifier_cost_usd, rollout, category);

ALTER TABLE routing_daily ADD COLUMN category text;
COMMENT ON TABLE routing_daily IS 'Figures of the decisions of a day (UTC), one row for each tier, model, method, strategy, group of a rollout and category';

-- Counts the decisions of a range of ids, all of one day. Planned for its range each time.
CREATE OR REPLACE FUNCTION routing_count(day date, lower uuid, upper uuid) RETURNS SETOF routing_daily
LANGUAGE plpgsql STABLE
SET jit = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    WITH joined AS (
      SELECT l.tier, l.resolved_model AS model, l.method, l.strategy, l.rollout, l.category, o.*,
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
      SELECT tier, model, method, strategy, rollout, category, bucket,
        dense_rank() OVER (ORDER BY tier, model, method, strategy, rollout, category) AS rank,
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
      GROUP BY tier, model, method, strategy, rollout, category, bucket
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
      rollout, category
    FROM cells JOIN latencies USING (rank)
    GROUP BY rank, tier, model, method, strategy, rollout, category, latencies.counts
  $query$, day, lower, upper);
END
$$;
