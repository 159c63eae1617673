-- Figures of each day, so that a question about months reads some thousands of rows and not some millions. The
-- figures of a day are computed again while rows of it still come in; what is newer than the figures is counted
-- when it is asked for. They are kept longer than the log: nobody can be told from them.

CREATE TABLE routing_daily (
  day                 date NOT NULL,
  tier                text,
  model               text NOT NULL,
  method              text NOT NULL,
  strategy            text,
  requests            integer NOT NULL,
  outcomes            integer NOT NULL,
  failures            integer NOT NULL,
  cancelled           integer NOT NULL,
  cache_hits          integer NOT NULL,
  prompt_tokens       bigint NOT NULL,
  completion_tokens   bigint NOT NULL,
  reasoning_tokens    bigint NOT NULL,
  cached_tokens       bigint NOT NULL,
  cost_usd            double precision NOT NULL,
  cost_known          integer NOT NULL,
  classifier_cost_usd double precision NOT NULL,
  savings_usd         double precision NOT NULL,
  savings_known       integer NOT NULL,
  savings_unknown     integer NOT NULL,
  latency_counts      integer[] NOT NULL
);
CREATE INDEX routing_daily_day_idx ON routing_daily (day);

COMMENT ON TABLE routing_daily IS 'Figures of the decisions of a day (UTC), one row for each tier, model, method and strategy';
COMMENT ON COLUMN routing_daily.model IS 'resolved_model of the decisions';
COMMENT ON COLUMN routing_daily.outcomes IS 'Decisions whose outcome was reported';
COMMENT ON COLUMN routing_daily.cost_usd IS 'Sum of the true costs that are known';
COMMENT ON COLUMN routing_daily.cost_known IS 'Decisions whose true cost is known';
COMMENT ON COLUMN routing_daily.savings_usd IS 'Sum of baseline_cost_usd - cost_usd - classifier_cost_usd where both costs are known; what shadow mode decides saves nothing, and what the cache answers costs nothing on any model';
COMMENT ON COLUMN routing_daily.savings_known IS 'Decisions in savings_usd';
COMMENT ON COLUMN routing_daily.savings_unknown IS 'Decisions with a baseline that are not in savings_usd because a cost is not known';
COMMENT ON COLUMN routing_daily.latency_counts IS 'Successes by latency_ms: element i counts those from 2^((i-1)/4) to 2^(i/4) ms, the first those below too, the last (80) those above';

-- How far the figures go: all ids of the day below upto are in them.
CREATE TABLE routing_daily_state (
  day    date PRIMARY KEY,
  upto   uuid NOT NULL,
  writes bigint NOT NULL
);

COMMENT ON TABLE routing_daily_state IS 'What routing_daily was computed from';
COMMENT ON COLUMN routing_daily_state.writes IS 'Rows that were ever written to the partitions of the day, by the statistics of the server: another number means that the figures are out of date';

-- Counts the decisions of a range of ids, all of one day. Planned for its range each time.
CREATE FUNCTION routing_count(day date, lower uuid, upper uuid) RETURNS SETOF routing_daily
LANGUAGE plpgsql STABLE
SET jit = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    WITH joined AS (
      SELECT l.tier, l.resolved_model AS model, l.method, l.strategy, o.*,
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
      SELECT tier, model, method, strategy, bucket,
        dense_rank() OVER (ORDER BY tier, model, method, strategy) AS rank,
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
      GROUP BY tier, model, method, strategy, bucket
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
      coalesce(sum(saved), 0), sum(saved_known)::integer, sum(saved_unknown)::integer, latencies.counts
    FROM cells JOIN latencies USING (rank)
    GROUP BY rank, tier, model, method, strategy, latencies.counts
  $query$, day, lower, upper);
END
$$;

-- The figures of some days, both included: those that are stored, and of what is newer those of now.
CREATE FUNCTION routing_figures(since date, until date) RETURNS SETOF routing_daily
LANGUAGE plpgsql STABLE
AS $$
DECLARE
  upto uuid := coalesce((SELECT s.upto FROM routing_daily_state s ORDER BY s.upto DESC LIMIT 1),
    (SELECT l.id FROM routing_logs l ORDER BY l.id LIMIT 1));
  first_day date := greatest(since, routing_day_of(upto));
  last_day date := least(until, (now() AT TIME ZONE 'UTC')::date + 1);
BEGIN
  RETURN QUERY SELECT * FROM routing_daily d WHERE d.day BETWEEN since AND until;
  IF upto IS NULL THEN RETURN; END IF;
  FOR number IN 0 .. last_day - first_day LOOP
    RETURN QUERY SELECT * FROM routing_count(first_day + number,
      greatest(upto, routing_day_bound(first_day + number)), routing_day_bound(first_day + number + 1));
  END LOOP;
END
$$;

-- Rows that were ever written to the partitions of a day that figures are made of. The server forgets after a
-- crash: then all days are computed again.
CREATE FUNCTION routing_writes(day date) RETURNS bigint
LANGUAGE sql STABLE
AS $$
  SELECT coalesce(sum(pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)
    + pg_stat_get_tuples_deleted(c.oid)), 0)::bigint
  FROM pg_class c
  WHERE c.oid IN (to_regclass('routing_logs_' || to_char(day, 'YYYYMMDD')),
                  to_regclass('routing_outcomes_' || to_char(day, 'YYYYMMDD')))
$$;

-- Computes the figures of the first day after the given one whose figures are missing or out of date; the last
-- ten minutes are left out, for their outcomes are still to come. Returns that day, so call again with it; null
-- where there is none, or another process is at it.
CREATE FUNCTION routing_refresh_daily(after date) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER
AS $$
DECLARE
  settled uuid := routing_id_at(now() - interval '10 minutes');
  stale record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('signalbox daily figures', 0)) THEN RETURN NULL; END IF;
  SELECT p.day, w.writes, least(routing_day_bound(p.day + 1), settled) AS upto INTO stale
  FROM routing_partitions('routing_logs') p
  CROSS JOIN LATERAL routing_writes(p.day) AS w(writes)
  LEFT JOIN routing_daily_state s ON s.day = p.day
  WHERE p.day > after AND routing_day_bound(p.day) < settled
    AND (s.day IS NULL OR s.writes <> w.writes OR s.upto < least(routing_day_bound(p.day + 1), settled))
  ORDER BY p.day LIMIT 1;
  IF stale IS NULL THEN RETURN NULL; END IF;
  DELETE FROM routing_daily d WHERE d.day = stale.day;
  INSERT INTO routing_daily SELECT * FROM routing_count(stale.day, routing_day_bound(stale.day), stale.upto);
  INSERT INTO routing_daily_state (day, upto, writes) VALUES (stale.day, stale.upto, stale.writes)
  ON CONFLICT (day) DO UPDATE SET upto = EXCLUDED.upto, writes = EXCLUDED.writes;
  RETURN stale.day;
END
$$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION routing_refresh_daily(date) SET search_path = %I, pg_temp', current_schema());
END
$$;

REVOKE EXECUTE ON FUNCTION routing_refresh_daily(date) FROM PUBLIC;
