-- The schema as the migrations make it. Written by `npm run schema:dump`, compared by the tests; nothing runs it.
-- Partitions by day are not in it: routing_maintain() makes them.

CREATE TABLE routing_daily (
  day date NOT NULL,
  tier text,
  model text NOT NULL,
  method text NOT NULL,
  strategy text,
  requests integer NOT NULL,
  outcomes integer NOT NULL,
  failures integer NOT NULL,
  cancelled integer NOT NULL,
  cache_hits integer NOT NULL,
  prompt_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  cost_usd double precision NOT NULL,
  cost_known integer NOT NULL,
  classifier_cost_usd double precision NOT NULL,
  savings_usd double precision NOT NULL,
  savings_known integer NOT NULL,
  savings_unknown integer NOT NULL,
  latency_counts integer[] NOT NULL,
  rollout text,
  category text
);
CREATE INDEX routing_daily_day_idx ON public.routing_daily USING btree (day);

CREATE TABLE routing_daily_state (
  day date NOT NULL,
  upto uuid NOT NULL,
  writes bigint NOT NULL,
  CONSTRAINT routing_daily_state_pkey PRIMARY KEY (day)
);

CREATE TABLE routing_feedback (
  id uuid NOT NULL,
  decision_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  rating text NOT NULL,
  expected_tier text,
  comment text,
  source text NOT NULL,
  CONSTRAINT routing_feedback_pkey PRIMARY KEY (decision_id, id),
  CONSTRAINT routing_feedback_rating_check CHECK ((rating = ANY (ARRAY['up'::text, 'down'::text])))
) PARTITION BY RANGE (decision_id);

CREATE TABLE routing_feedback_default PARTITION OF routing_feedback DEFAULT;

CREATE TABLE routing_labels (
  decision_id uuid NOT NULL,
  source text NOT NULL,
  tier text,
  value double precision,
  note text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT routing_labels_pkey PRIMARY KEY (decision_id, source)
) PARTITION BY RANGE (decision_id);

CREATE TABLE routing_labels_default PARTITION OF routing_labels DEFAULT;

CREATE TABLE routing_logs (
  id uuid NOT NULL,
  "timestamp" timestamp with time zone NOT NULL,
  user_text text STORAGE MAIN,
  system_prompt text STORAGE MAIN,
  system_prompt_hash text STORAGE MAIN,
  token_count integer NOT NULL,
  conversation_turns integer NOT NULL,
  code_block_count integer NOT NULL,
  code_lines integer NOT NULL,
  has_error_trace boolean NOT NULL,
  tool_count integer NOT NULL,
  tier text STORAGE MAIN,
  strategy text STORAGE MAIN,
  score double precision,
  original_model text STORAGE MAIN NOT NULL,
  resolved_model text STORAGE MAIN NOT NULL,
  embedding bytea,
  method text STORAGE MAIN NOT NULL,
  confidence double precision,
  reason text STORAGE MAIN NOT NULL,
  pick text STORAGE MAIN NOT NULL,
  candidates json STORAGE MAIN NOT NULL,
  propensity double precision NOT NULL,
  policy_revision text STORAGE MAIN NOT NULL,
  classifier_revision text STORAGE MAIN NOT NULL,
  mode text STORAGE MAIN NOT NULL,
  trace json STORAGE MAIN NOT NULL,
  features real[],
  feature_version text STORAGE MAIN,
  call_type text STORAGE MAIN,
  litellm_call_id text STORAGE MAIN,
  key_hash text STORAGE MAIN,
  team_id text STORAGE MAIN,
  user_id text STORAGE MAIN,
  end_user_id text STORAGE MAIN,
  tags text[] STORAGE MAIN NOT NULL,
  conversation_id text STORAGE MAIN,
  turn integer NOT NULL,
  input_tokens_estimate integer NOT NULL,
  estimated_cost_usd double precision,
  baseline_model text STORAGE MAIN,
  decide_us integer NOT NULL,
  redactions integer NOT NULL,
  embedding_model text STORAGE MAIN,
  embedding_dim integer,
  classifier_cost_usd double precision,
  rollout text STORAGE MAIN,
  explored_from text STORAGE MAIN,
  category text STORAGE MAIN,
  language text STORAGE MAIN,
  CONSTRAINT routing_logs_pkey PRIMARY KEY (id) INCLUDE (tier, method, strategy, original_model, resolved_model, score, key_hash, team_id, user_id, conversation_id, mode, baseline_model, classifier_cost_usd, rollout, category)
) PARTITION BY RANGE (id);
CREATE INDEX routing_logs_conversation_id_idx ON ONLY public.routing_logs USING btree (conversation_id);
CREATE INDEX routing_logs_user_id_idx ON ONLY public.routing_logs USING btree (user_id);

CREATE TABLE routing_logs_default PARTITION OF routing_logs DEFAULT;

CREATE TABLE routing_outcomes (
  decision_id uuid NOT NULL,
  reported_at timestamp with time zone NOT NULL,
  applied_model text,
  denied_models text[],
  status text NOT NULL,
  error_class text,
  http_status integer,
  prompt_tokens integer,
  completion_tokens integer,
  reasoning_tokens integer,
  cached_tokens integer,
  cost_usd double precision,
  baseline_cost_usd double precision,
  latency_ms double precision,
  ttft_ms double precision,
  served_by text,
  fallback_depth integer,
  retries integer,
  finish_reason text,
  tool_calls text[],
  stream boolean,
  cache_hit boolean,
  litellm_call_id text,
  source text NOT NULL,
  CONSTRAINT routing_outcomes_pkey PRIMARY KEY (decision_id),
  CONSTRAINT routing_outcomes_status_check CHECK ((status = ANY (ARRAY['success'::text, 'failure'::text, 'cancelled'::text])))
) PARTITION BY RANGE (decision_id);
CREATE INDEX routing_outcomes_failed_idx ON ONLY public.routing_outcomes USING btree (decision_id) WHERE (status <> 'success'::text);

CREATE TABLE routing_outcomes_default PARTITION OF routing_outcomes DEFAULT;

CREATE TABLE signalbox_migrations (
  id integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT signalbox_migrations_pkey PRIMARY KEY (id)
);

CREATE VIEW routing_training AS
 SELECT l.id,
    l."timestamp",
    l.user_text,
    l.system_prompt,
    l.system_prompt_hash,
    l.token_count,
    l.conversation_turns,
    l.code_block_count,
    l.code_lines,
    l.has_error_trace,
    l.tool_count,
    l.tier,
    l.strategy,
    l.score,
    l.original_model,
    l.resolved_model,
    l.embedding,
    l.embedding_model,
    l.embedding_dim,
    l.method,
    l.confidence,
    l.reason,
    l.pick,
    l.candidates,
    l.propensity,
    l.policy_revision,
    l.classifier_revision,
    l.classifier_cost_usd,
    l.mode,
    l.trace,
    l.features,
    l.feature_version,
    l.call_type,
    l.litellm_call_id,
    l.key_hash,
    l.team_id,
    l.user_id,
    l.end_user_id,
    l.tags,
    l.conversation_id,
    l.turn,
    l.input_tokens_estimate,
    l.estimated_cost_usd,
    l.baseline_model,
    l.decide_us,
    l.redactions,
    o.reported_at,
    o.applied_model,
    o.denied_models,
    o.status,
    o.error_class,
    o.http_status,
    o.prompt_tokens,
    o.completion_tokens,
    o.reasoning_tokens,
    o.cached_tokens,
    o.cost_usd,
    o.baseline_cost_usd,
    o.latency_ms,
    o.ttft_ms,
    o.served_by,
    o.fallback_depth,
    o.retries,
    o.finish_reason,
    o.tool_calls,
    o.stream,
    o.cache_hit,
    o.litellm_call_id AS outcome_litellm_call_id,
    o.source AS outcome_source,
    ( SELECT (count(*))::integer AS count
           FROM routing_feedback f
          WHERE ((f.decision_id = l.id) AND (f.rating = 'up'::text))) AS feedback_up,
    ( SELECT (count(*))::integer AS count
           FROM routing_feedback f
          WHERE ((f.decision_id = l.id) AND (f.rating = 'down'::text))) AS feedback_down,
    COALESCE(( SELECT f.expected_tier
           FROM routing_feedback f
          WHERE ((f.decision_id = l.id) AND (f.expected_tier IS NOT NULL))
          ORDER BY f.created_at DESC, f.id DESC
         LIMIT 1), ( SELECT b.tier
           FROM routing_labels b
          WHERE ((b.decision_id = l.id) AND ((b.source = 'label'::text) OR (b.source ~~ 'label:%'::text)) AND (b.tier IS NOT NULL))
          ORDER BY b.created_at DESC, b.source
         LIMIT 1)) AS expected_tier,
    COALESCE(( SELECT jsonb_object_agg(b.source, b.value) AS jsonb_object_agg
           FROM routing_labels b
          WHERE (b.decision_id = l.id)), '{}'::jsonb) AS labels,
    l.rollout,
    l.explored_from,
    l.category,
    l.language
   FROM (routing_logs l
     LEFT JOIN routing_outcomes o ON ((o.decision_id = l.id)));

CREATE OR REPLACE FUNCTION public.routing_id_at(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((lpad(to_hex((GREATEST((0)::numeric, floor((EXTRACT(epoch FROM at) * (1000)::numeric))))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;

CREATE OR REPLACE FUNCTION public.routing_time_of(id uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN to_timestamp(((((('x'::text || "left"(replace((id)::text, '-'::text, ''::text), 12)))::bit(48))::bigint)::double precision / (1000.0)::double precision));

CREATE OR REPLACE FUNCTION public.routing_day_bound(day date)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN routing_id_at(((day)::timestamp without time zone AT TIME ZONE 'UTC'::text));

CREATE OR REPLACE FUNCTION public.routing_day_of(id uuid)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((routing_time_of(id) AT TIME ZONE 'UTC'::text))::date;

CREATE OR REPLACE FUNCTION public.routing_partitions(target text)
 RETURNS TABLE(partition text, day date)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT c.relname::text, to_date(right(c.relname, 8), 'YYYYMMDD')
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass(quote_ident(target)) AND c.relname ~ ('^' || target || '_\d{8}$')
$function$;

CREATE OR REPLACE FUNCTION public.routing_make_partition(target text, day date, OUT moved bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
  partition text := target || '_' || to_char(day, 'YYYYMMDD');
  lower uuid := routing_day_bound(day);
  upper uuid := routing_day_bound(day + 1);
  key text := CASE target WHEN 'routing_logs' THEN 'id' ELSE 'decision_id' END;
BEGIN
  EXECUTE format('LOCK TABLE ONLY %I IN SHARE UPDATE EXCLUSIVE MODE', target);
  EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', target || '_default');
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE '
    'INCLUDING COMPRESSION) WITH (toast_tuple_target = 4080)', partition, target);
  EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) '
    'INSERT INTO %I SELECT * FROM moved', target || '_default', key, lower, key, upper, partition);
  GET DIAGNOSTICS moved = ROW_COUNT;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    target, partition, lower, upper);
END
$function$;
REVOKE EXECUTE ON FUNCTION routing_make_partition(text,date) FROM PUBLIC;

CREATE OR REPLACE FUNCTION public.routing_maintain(target text, ahead_days integer, retention_days integer, since timestamp with time zone DEFAULT NULL::timestamp with time zone, OUT busy boolean, OUT made text[], OUT dropped text[], OUT moved bigint, OUT expired_rows bigint, OUT default_rows bigint, OUT days_ahead integer, OUT blocked text[], OUT more boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET lock_timeout TO '200ms'
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  most_a_call CONSTANT integer := 31;
  today date := (now() AT TIME ZONE 'UTC')::date;
  oldest date := today - retention_days;
  first_day date := greatest(oldest, least(today - 1, (since AT TIME ZONE 'UTC')::date));
  last_day date := today + ahead_days;
  key text := CASE target WHEN 'routing_logs' THEN 'id' ELSE 'decision_id' END;
  default_table text := target || '_default';
  wanted date[];
  expired text[];
  item record;
  count bigint;
BEGIN
  IF target NOT IN ('routing_logs', 'routing_outcomes', 'routing_feedback', 'routing_labels') THEN
    RAISE EXCEPTION 'Cannot maintain %: expected a table of the log', target;
  END IF;
  IF ahead_days NOT BETWEEN 0 AND 366 OR retention_days < 1 THEN
    RAISE EXCEPTION 'Cannot maintain %: found % days ahead and % days of retention, expected 0 to 366 and 1 or more',
      target, ahead_days, retention_days;
  END IF;
  made := '{}'; dropped := '{}'; blocked := '{}'; moved := 0; expired_rows := 0; more := false;
  busy := NOT pg_try_advisory_xact_lock(hashtextextended('signalbox maintain ' || target, 0));
  IF busy THEN RETURN; END IF;

  -- First, for it takes the strongest lock, and what takes a stronger lock later can lock each other out.
  SELECT array_agg(p.partition ORDER BY p.day) INTO expired FROM routing_partitions(target) p WHERE p.day < oldest;
  more := coalesce(cardinality(expired), 0) > most_a_call;
  BEGIN
    FOR item IN SELECT unnest(expired[1:most_a_call]) AS partition LOOP
      EXECUTE format('DROP TABLE %I', item.partition);
      dropped := dropped || item.partition;
    END LOOP;
  EXCEPTION WHEN lock_not_available THEN
    dropped := '{}';
    more := false;
    blocked := array_append(blocked, 'drop');
  END;

  EXECUTE format('DELETE FROM %I WHERE %I < %L', default_table, key, routing_day_bound(oldest));
  GET DIAGNOSTICS expired_rows = ROW_COUNT;

  EXECUTE format(
    'SELECT array_agg(day ORDER BY day) FROM ('
    '  SELECT generate_series(%L::date, %L::date, ''1 day'')::date AS day'
    '  UNION SELECT routing_day_of(%I) FROM %I WHERE %I >= %L AND %I < %L'
    '  EXCEPT SELECT day FROM routing_partitions(%L)) AS days',
    first_day, last_day, key, default_table, key, routing_day_bound(oldest), key, routing_day_bound(last_day + 1),
    target) INTO wanted;
  more := more OR coalesce(cardinality(wanted), 0) > most_a_call;
  BEGIN
    FOR item IN SELECT unnest(wanted[1:most_a_call]) AS day LOOP
      count := routing_make_partition(target, item.day);
      moved := moved + count;
      made := made || (target || '_' || to_char(item.day, 'YYYYMMDD'));
    END LOOP;
  EXCEPTION WHEN lock_not_available THEN
    made := '{}';
    moved := 0;
    more := false;
    blocked := array_append(blocked, 'make');
  END;

  EXECUTE format('SELECT count(*) FROM %I', default_table) INTO default_rows;
  SELECT count(*) INTO days_ahead FROM routing_partitions(target) p WHERE p.day > today;
END
$function$;
REVOKE EXECUTE ON FUNCTION routing_maintain(text,integer,integer,timestamp with time zone) FROM PUBLIC;

CREATE OR REPLACE FUNCTION public.routing_count(day date, lower uuid, upper uuid)
 RETURNS SETOF routing_daily
 LANGUAGE plpgsql
 STABLE
 SET jit TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.routing_figures(since date, until date)
 RETURNS SETOF routing_daily
 LANGUAGE plpgsql
 STABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.routing_writes(day date)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  SELECT coalesce(sum(pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)
    + pg_stat_get_tuples_deleted(c.oid)), 0)::bigint
  FROM pg_class c
  WHERE c.oid IN (to_regclass('routing_logs_' || to_char(day, 'YYYYMMDD')),
                  to_regclass('routing_outcomes_' || to_char(day, 'YYYYMMDD')))
$function$;

CREATE OR REPLACE FUNCTION public.routing_refresh_daily(after date)
 RETURNS date
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
REVOKE EXECUTE ON FUNCTION routing_refresh_daily(date) FROM PUBLIC;

CREATE OR REPLACE FUNCTION public.routing_label_implicitly(since timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET jit TO 'off'
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
REVOKE EXECUTE ON FUNCTION routing_label_implicitly(timestamp with time zone) FROM PUBLIC;

COMMENT ON TABLE routing_daily IS 'Figures of the decisions of a day (UTC), one row for each tier, model, method, strategy, group of a rollout and category';
COMMENT ON COLUMN routing_daily.model IS 'resolved_model of the decisions';
COMMENT ON COLUMN routing_daily.outcomes IS 'Decisions whose outcome was reported';
COMMENT ON COLUMN routing_daily.cost_usd IS 'Sum of the true costs that are known';
COMMENT ON COLUMN routing_daily.cost_known IS 'Decisions whose true cost is known';
COMMENT ON COLUMN routing_daily.savings_usd IS 'Sum of baseline_cost_usd - cost_usd - classifier_cost_usd where both costs are known; what shadow mode decides saves nothing, and what the cache answers costs nothing on any model';
COMMENT ON COLUMN routing_daily.savings_known IS 'Decisions in savings_usd';
COMMENT ON COLUMN routing_daily.savings_unknown IS 'Decisions with a baseline that are not in savings_usd because a cost is not known';
COMMENT ON COLUMN routing_daily.latency_counts IS 'Successes by latency_ms: element i counts those from 2^((i-1)/4) to 2^(i/4) ms, the first those below too, the last (80) those above';
COMMENT ON TABLE routing_daily_state IS 'What routing_daily was computed from';
COMMENT ON COLUMN routing_daily_state.writes IS 'Rows that were ever written to the partitions of the day, by the statistics of the server: another number means that the figures are out of date';
COMMENT ON TABLE routing_feedback IS 'What people and applications say of a decision';
COMMENT ON COLUMN routing_feedback.expected_tier IS 'The tier that would have been right; null where nothing was said';
COMMENT ON TABLE routing_labels IS 'What was told of a decision from outside of it: by what came after it, or by labels that were brought in; never mixed with feedback';
COMMENT ON COLUMN routing_labels.source IS 'Who says so: implicit:error, implicit:cut_answer, implicit:asked_again, implicit:escalated; label:MODEL what that model reached; label the tier alone';
COMMENT ON COLUMN routing_labels.tier IS 'The tier that the signal speaks for, or that was brought in; null where none is named';
COMMENT ON COLUMN routing_labels.value IS 'Strength of a signal, or score of the model, 0 to 1; null where only a tier was brought in';
COMMENT ON TABLE routing_logs IS 'One row a decision of the router';
COMMENT ON COLUMN routing_logs.user_text IS 'The newest human turn; null where no text is stored';
COMMENT ON COLUMN routing_logs.system_prompt IS 'First 1,000 characters; null where no text is stored';
COMMENT ON COLUMN routing_logs.system_prompt_hash IS 'Keyed hash of the whole system text; null where there is none';
COMMENT ON COLUMN routing_logs.token_count IS 'Estimated tokens of the newest human turn';
COMMENT ON COLUMN routing_logs.score IS '0 to 100, higher needs a stronger model; null where no classifier ran';
COMMENT ON COLUMN routing_logs.embedding IS 'float32, little-endian, of the newest human turn';
COMMENT ON COLUMN routing_logs.propensity IS 'Chance with which the model was chosen, 1 where nothing was random';
COMMENT ON COLUMN routing_logs.input_tokens_estimate IS 'Estimated tokens of the whole request';
COMMENT ON COLUMN routing_logs.decide_us IS 'Time that the decision took, in microseconds';
COMMENT ON COLUMN routing_logs.redactions IS 'Places that were masked in the texts of this row';
COMMENT ON COLUMN routing_logs.embedding_model IS 'Model that made the embedding; null where there is none';
COMMENT ON COLUMN routing_logs.embedding_dim IS 'Numbers in the embedding; null where there is none';
COMMENT ON COLUMN routing_logs.classifier_cost_usd IS 'Cost of the classifier that decided; null is none';
COMMENT ON COLUMN routing_logs.rollout IS 'policy: the decision was served, control: it was only logged; null where no policy was rolled out to a share';
COMMENT ON COLUMN routing_logs.explored_from IS 'Tier that would have served if no other had been tried by lot; null where none was';
COMMENT ON COLUMN routing_logs.category IS 'Kind of work that the newest human turn asks for; null where there is none';
COMMENT ON COLUMN routing_logs.language IS 'Language of the newest human turn, ISO 639-1; null where nothing tells it';
COMMENT ON TABLE routing_outcomes IS 'What became of the call; at most one row a decision';
COMMENT ON COLUMN routing_outcomes.applied_model IS 'Model that the callback put in the request; null where it left it';
COMMENT ON COLUMN routing_outcomes.denied_models IS 'Candidates that the caller may not use';
COMMENT ON COLUMN routing_outcomes.cost_usd IS 'True cost of the call; null where it is not known';
COMMENT ON COLUMN routing_outcomes.baseline_cost_usd IS 'What the same tokens cost on baseline_model of the decision; null where it is not known';
COMMENT ON COLUMN routing_outcomes.latency_ms IS 'From the call to the end of the answer';
COMMENT ON COLUMN routing_outcomes.ttft_ms IS 'From the call to the first token of a streamed answer';
COMMENT ON COLUMN routing_outcomes.served_by IS 'Model that answered, after retries and fallbacks';
COMMENT ON COLUMN routing_outcomes.tool_calls IS 'Names of the tools that the model called';
COMMENT ON VIEW routing_training IS 'One row a decision, with its outcome, feedback and labels';
COMMENT ON COLUMN routing_training.expected_tier IS 'The newest that was given in feedback, else in labels that were brought in';
COMMENT ON COLUMN routing_training.labels IS 'Values of routing_labels by source';
