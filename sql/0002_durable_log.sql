-- What becomes of a decision: its outcome, what people say of it, and what can be told from what came after.
-- All four tables are partitioned by day, by the time that is in the UUIDv7 of the decision, with the same
-- bounds, so that a day of the log goes at once and joins stay within a day. The default partitions are there
-- so that no row is ever refused; routing_maintain() keeps them empty.

ALTER TABLE routing_logs
  ADD COLUMN embedding_model text,
  ADD COLUMN embedding_dim integer,
  ADD COLUMN classifier_cost_usd double precision,
  -- Kept to be read, not searched: as jsonb they take twice the time to store of the whole row.
  ALTER COLUMN candidates TYPE json,
  ALTER COLUMN trace TYPE json;

COMMENT ON COLUMN routing_logs.embedding_model IS 'Model that made the embedding; null where there is none';
COMMENT ON COLUMN routing_logs.embedding_dim IS 'Numbers in the embedding; null where there is none';
COMMENT ON COLUMN routing_logs.classifier_cost_usd IS 'Cost of the classifier that decided; null is none';

-- The id has the time, so nothing needs an index of the time. The key carries what decisions are found and
-- counted by: both read the key alone, a fifteenth of the table. It grows at its end only, which costs an
-- insert far less than an index of its own for each of these columns would. One conversation or one user is
-- too rare to be found by reading everybody's keys.
DROP INDEX routing_logs_timestamp_idx;
DROP INDEX routing_logs_tier_idx;
ALTER TABLE routing_logs DROP CONSTRAINT routing_logs_pkey;
ALTER TABLE routing_logs ADD PRIMARY KEY (id) INCLUDE (
  tier, method, strategy, original_model, resolved_model, score, key_hash, team_id, user_id, conversation_id,
  mode, baseline_model, classifier_cost_usd);
CREATE INDEX routing_logs_conversation_id_idx ON routing_logs (conversation_id);
CREATE INDEX routing_logs_user_id_idx ON routing_logs (user_id);

CREATE TABLE routing_outcomes (
  decision_id       uuid PRIMARY KEY,
  reported_at       timestamptz NOT NULL,
  applied_model     text,
  denied_models     text[],
  status            text NOT NULL CHECK (status IN ('success', 'failure', 'cancelled')),
  error_class       text,
  http_status       integer,
  prompt_tokens     integer,
  completion_tokens integer,
  reasoning_tokens  integer,
  cached_tokens     integer,
  cost_usd          double precision,
  baseline_cost_usd double precision,
  latency_ms        double precision,
  ttft_ms           double precision,
  served_by         text,
  fallback_depth    integer,
  retries           integer,
  finish_reason     text,
  tool_calls        text[],
  stream            boolean,
  cache_hit         boolean,
  litellm_call_id   text,
  source            text NOT NULL
) PARTITION BY RANGE (decision_id);

CREATE TABLE routing_feedback (
  id            uuid NOT NULL,
  decision_id   uuid NOT NULL,
  created_at    timestamptz NOT NULL,
  rating        text NOT NULL CHECK (rating IN ('up', 'down')),
  expected_tier text,
  comment       text,
  source        text NOT NULL,
  PRIMARY KEY (decision_id, id)
) PARTITION BY RANGE (decision_id);

CREATE TABLE routing_labels (
  decision_id uuid NOT NULL,
  source      text NOT NULL,
  tier        text,
  value       double precision,
  note        text,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (decision_id, source)
) PARTITION BY RANGE (decision_id);

-- Failures are few, and looked for.
CREATE INDEX routing_outcomes_failed_idx ON routing_outcomes (decision_id) WHERE status <> 'success';

CREATE TABLE routing_outcomes_default PARTITION OF routing_outcomes DEFAULT;
CREATE TABLE routing_feedback_default PARTITION OF routing_feedback DEFAULT;
CREATE TABLE routing_labels_default PARTITION OF routing_labels DEFAULT;

COMMENT ON TABLE routing_outcomes IS 'What became of the call; at most one row a decision';
COMMENT ON COLUMN routing_outcomes.applied_model IS 'Model that the callback put in the request; null where it left it';
COMMENT ON COLUMN routing_outcomes.denied_models IS 'Candidates that the caller may not use';
COMMENT ON COLUMN routing_outcomes.cost_usd IS 'True cost of the call; null where it is not known';
COMMENT ON COLUMN routing_outcomes.baseline_cost_usd IS 'What the same tokens cost on baseline_model of the decision; null where it is not known';
COMMENT ON COLUMN routing_outcomes.latency_ms IS 'From the call to the end of the answer';
COMMENT ON COLUMN routing_outcomes.ttft_ms IS 'From the call to the first token of a streamed answer';
COMMENT ON COLUMN routing_outcomes.served_by IS 'Model that answered, after retries and fallbacks';
COMMENT ON COLUMN routing_outcomes.tool_calls IS 'Names of the tools that the model called';
COMMENT ON TABLE routing_feedback IS 'What people and applications say of a decision';
COMMENT ON COLUMN routing_feedback.expected_tier IS 'The tier that would have been right; null where nothing was said';
COMMENT ON TABLE routing_labels IS 'What was told of a decision without asking anybody; never mixed with feedback';
COMMENT ON COLUMN routing_labels.source IS 'Who says so: implicit:error, implicit:cut_answer, implicit:asked_again, implicit:escalated';
COMMENT ON COLUMN routing_labels.tier IS 'The tier that the signal speaks for; null where it names none';
COMMENT ON COLUMN routing_labels.value IS 'Strength of the signal, 0 to 1';

-- Subqueries in the list of columns: a query that does not ask for a column does not pay for it.
CREATE VIEW routing_training AS
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
  (SELECT f.expected_tier FROM routing_feedback f
   WHERE f.decision_id = l.id AND f.expected_tier IS NOT NULL
   ORDER BY f.created_at DESC, f.id DESC LIMIT 1) AS expected_tier,
  coalesce((SELECT jsonb_object_agg(b.source, b.value) FROM routing_labels b
            WHERE b.decision_id = l.id), '{}') AS labels
FROM routing_logs l
LEFT JOIN routing_outcomes o ON o.decision_id = l.id;

COMMENT ON VIEW routing_training IS 'One row a decision, with its outcome, feedback and labels';
COMMENT ON COLUMN routing_training.expected_tier IS 'The newest that was given in feedback';
COMMENT ON COLUMN routing_training.labels IS 'Values of routing_labels by source';

-- The lowest UUIDv7 of a moment: ids from then on are not below it.
CREATE FUNCTION routing_id_at(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (lpad(to_hex(greatest(0, floor(extract(epoch FROM at) * 1000))::bigint), 12, '0') || repeat('0', 20))::uuid;

-- The moment at which a UUIDv7 was made, to the millisecond.
CREATE FUNCTION routing_time_of(id uuid) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0::double precision);

-- Days are days of UTC.
CREATE FUNCTION routing_day_bound(day date) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN routing_id_at(day::timestamp AT TIME ZONE 'UTC');

CREATE FUNCTION routing_day_of(id uuid) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (routing_time_of(id) AT TIME ZONE 'UTC')::date;

-- Partitions by day that a table has.
CREATE FUNCTION routing_partitions(target text) RETURNS TABLE (partition text, day date)
LANGUAGE sql STABLE
AS $$
  SELECT c.relname::text, to_date(right(c.relname, 8), 'YYYYMMDD')
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass(quote_ident(target)) AND c.relname ~ ('^' || target || '_\d{8}$')
$$;

-- Makes the partition of a day, with what the default partition holds of that day. To attach a table takes a
-- weaker lock on the parent than to create a partition: inserts and reads of other days go on meanwhile.
-- Rows of up to 4,080 bytes, half a page, are stored as they are: PostgreSQL's own compression, which begins at
-- half of that, takes a third of the time that it takes to store a row.
CREATE FUNCTION routing_make_partition(target text, day date, OUT moved bigint)
LANGUAGE plpgsql
AS $$
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
$$;

-- Keeps one table's partitions: drops those of days before the last retention_days, makes those from the day
-- of since (yesterday at the latest) to ahead_days from today, and those that rows in the default partition call
-- for. A call does a bounded amount: where more is true, call again. Never waits long for a lock, because
-- inserts queue up behind whoever waits: what somebody's long read was in the way of is named in blocked, and
-- left to the next call. The first process to call works, any other is told busy.
CREATE FUNCTION routing_maintain(
  target text, ahead_days integer, retention_days integer, since timestamptz DEFAULT NULL,
  OUT busy boolean, OUT made text[], OUT dropped text[], OUT moved bigint, OUT expired_rows bigint,
  OUT default_rows bigint, OUT days_ahead integer, OUT blocked text[], OUT more boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET lock_timeout = '200ms'
AS $$
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
$$;

-- Called with the rights of the owner, so with nothing found by a name that the caller could have made.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION routing_maintain(text, integer, integer, timestamptz) SET search_path = %I, pg_temp',
    current_schema());
END
$$;

REVOKE EXECUTE ON FUNCTION routing_maintain(text, integer, integer, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION routing_make_partition(text, date) FROM PUBLIC;
