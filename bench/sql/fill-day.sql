-- One day of decisions with their outcomes, feedback and labels, made inside PostgreSQL.
-- $1 the day, $2 decisions a day. Shares of tiers, failures and so on are those of no company in particular;
-- one model is asked for once in ten thousand decisions, users are as unequal as users are. Features and
-- traces are those of real decisions, from the table bench_real.
CREATE FUNCTION bench_fill_day(target date, decisions integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lower uuid := routing_day_bound(target);
  upper uuid := routing_day_bound(target + 1);
  real_ones integer := (SELECT count(*) FROM bench_real);
  candidates json := json_build_array(
    json_build_object('model', 'claude-opus', 'tier', 'complex', 'eligible', true, 'refusal', NULL, 'estimated_cost_usd', 0.02),
    json_build_object('model', 'gpt-5-mini', 'tier', 'medium', 'eligible', true, 'refusal', NULL, 'estimated_cost_usd', 0.002),
    json_build_object('model', 'local-small', 'tier', 'simple', 'eligible', true, 'refusal', NULL, 'estimated_cost_usd', 0.0002));
BEGIN
  INSERT INTO routing_logs (id, timestamp, user_text, system_prompt, system_prompt_hash, token_count,
    conversation_turns, code_block_count, code_lines, has_error_trace, tool_count, tier, strategy, score,
    original_model, resolved_model, method, confidence, reason, pick, candidates, propensity, policy_revision,
    classifier_revision, mode, trace, call_type, litellm_call_id, key_hash, team_id, user_id, tags,
    conversation_id, turn, input_tokens_estimate, estimated_cost_usd, baseline_model, decide_us, redactions,
    category, language, features, feature_version)
  SELECT id, at, left(repeat(md5(number::text) || ' ', 31), 50 + (950 * fate * fate)::integer),
    'You are a helpful assistant.', 'hmac:1a6a4b1f0c9e4a3d8b7c6d5e4f3a2b1c', 120, turn, 0, 0, false, 0, tier,
    CASE WHEN tier IS NOT NULL THEN 'ml' END, CASE WHEN tier IS NOT NULL THEN 100 * random() END,
    CASE WHEN tier IS NULL THEN 'gpt-5-mini' ELSE 'auto' END, model,
    CASE WHEN tier IS NULL THEN 'passthrough' ELSE 'auto' END, 0.7, 'score 47.3 is in medium (31-65)', 'first',
    candidates, 1, 'e0458ed93bdb0887', 'ml-1', 'enforce', trace, 'acompletion', gen_random_uuid(),
    md5('key' || number % 500) || md5('of' || number % 500), 'team-' || number % 20,
    'user-' || (20000 * power(random(), 3))::integer, ARRAY['production'],
    md5((number / 8)::text || target), turn, 160, 0.002, CASE WHEN tier IS NOT NULL THEN 'claude-opus' END, 31, 0,
    (ARRAY['code', 'question_answering', 'writing', 'agentic', 'math', 'extraction', 'conversation', 'research',
      'reasoning', 'translation'])[1 + floor(10 * power(random(), 2))::integer], 'en',
    features, feature_version
  FROM (
    SELECT number, at, fate, 1 + number % 8 AS turn, floor(random() * real_ones)::integer AS real_one,
      (left(routing_id_at(at)::text, 14) || '7' || right(gen_random_uuid()::text, 21))::uuid AS id,
      CASE WHEN fate < 0.2 THEN NULL WHEN fate < 0.6 THEN 'simple' WHEN fate < 0.92 THEN 'medium'
        ELSE 'complex' END AS tier,
      CASE WHEN fate < 0.2 THEN 'gpt-5-mini' WHEN fate < 0.6 THEN 'local-small' WHEN fate < 0.92 THEN 'gpt-5-mini'
        WHEN fate < 0.9999 THEN 'claude-opus' ELSE 'rare-model' END AS model
    FROM (
      SELECT number, random() AS fate,
        (target::timestamp AT TIME ZONE 'UTC') + number * (interval '1 day' / decisions) AS at
      FROM generate_series(0, decisions - 1) AS number
    ) AS moments
    WHERE at < now()
  ) AS fated
  JOIN bench_real USING (real_one);

  INSERT INTO routing_outcomes (decision_id, reported_at, applied_model, status, error_class, http_status,
    prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, cost_usd, baseline_cost_usd, latency_ms,
    ttft_ms, served_by, fallback_depth, retries, finish_reason, tool_calls, stream, cache_hit, source)
  SELECT id, timestamp + interval '3 seconds', resolved_model,
    CASE WHEN fate < 0.01 THEN 'failure' WHEN fate < 0.02 THEN 'cancelled' ELSE 'success' END,
    CASE WHEN fate < 0.01 THEN 'InternalServerError' END, CASE WHEN fate < 0.01 THEN 500 ELSE 200 END,
    500, 300, 0, 100, CASE WHEN fate < 0.9 THEN 0.002 END, CASE WHEN baseline_model IS NOT NULL THEN 0.02 END,
    exp(6 + 2 * random()), 300, resolved_model, 0, 0, 'stop', '{}', true, fate > 0.95, 'callback'
  FROM (SELECT *, random() AS fate FROM routing_logs WHERE id >= lower AND id < upper) AS decided
  WHERE random() < 0.97;

  INSERT INTO routing_feedback (id, decision_id, created_at, rating, source)
  SELECT gen_random_uuid(), id, timestamp, CASE WHEN random() < 0.7 THEN 'up' ELSE 'down' END, 'api'
  FROM routing_logs WHERE id >= lower AND id < upper AND random() < 0.01;

  INSERT INTO routing_labels (decision_id, source, value, created_at)
  SELECT id, 'implicit:asked_again', 1, timestamp
  FROM routing_logs WHERE id >= lower AND id < upper AND random() < 0.03;
END
$$;
