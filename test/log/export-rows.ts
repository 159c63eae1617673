import type { TestDatabase } from "../support/database.ts";

/** First decision of the rows that fillLogs() makes; the others follow a minute apart. */
export const FIRST_AT = new Date("2026-01-01T00:01:00.500Z");

/** Every kind of value there is, in rows of 1 KB and more; ids are of the rows' own times. */
const FILL = `
  INSERT INTO routing_logs (id, timestamp, user_text, system_prompt, token_count, conversation_turns,
    code_block_count, code_lines, has_error_trace, tool_count, tier, strategy, score, original_model,
    resolved_model, embedding, method, confidence, reason, pick, candidates, propensity, policy_revision,
    classifier_revision, mode, trace, features, tags, turn, input_tokens_estimate, estimated_cost_usd,
    decide_us, redactions)
  SELECT (left(routing_id_at(at)::text, 14) || '7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, at,
    CASE WHEN n % 5 = 0 THEN NULL ELSE E'line "one",\\r\\nzwei 😀 日本 ' || n || repeat(' fill', 200) END,
    CASE WHEN n % 2 = 0 THEN '' ELSE ' =1+1' END, n, 1, 0, 0, n % 3 = 0, 0,
    CASE WHEN n % 4 = 0 THEN 'complex' ELSE 'simple' END, 'static', n / 7.0::float8, 'auto', 'gpt-5-mini',
    CASE WHEN n % 10 = 0 THEN '\\x0001ff80'::bytea END,
    CASE WHEN n % 8 = 0 THEN 'pattern' ELSE 'auto' END, NULL, 'because', 'first',
    jsonb_build_array(jsonb_build_object('model', 'm"1', 'eligible', true, 'cost', 0.1)), 1, 'p', 'c',
    'enforce', E'[\\n1 ]', CASE WHEN n % 10 = 0 THEN ARRAY[0.5, -1.25]::real[] END,
    ARRAY['a,b', 'c"d', 'é'], 1, 10, 1e-7, 3, 0
  FROM (SELECT n, timestamptz '2026-01-01 00:00:00.5+00' + n * interval '1 minute' AS at
        FROM generate_series(1, $1::int) AS n) AS series`;

/** Fills routing_logs with this many decisions. */
export async function fillLogs(database: TestDatabase, rows: number): Promise<void> {
  await database.query(FILL, [rows]);
}

/** Gives every decision an outcome, every fourth a thumb up, and every eighth a label of another tier. */
export async function fillOthers(database: TestDatabase): Promise<void> {
  await database.query(
    `INSERT INTO routing_outcomes (decision_id, reported_at, status, cost_usd, source)
     SELECT id, timestamp + interval '1 hour', 'success', 0.5, 'callback' FROM routing_logs`,
  );
  await database.query(
    `INSERT INTO routing_feedback (id, decision_id, created_at, rating, comment, source)
     SELECT id, id, timestamp + interval '3 days', 'up', 'fine', 'api' FROM routing_logs WHERE token_count % 4 = 0`,
  );
  await database.query(
    `INSERT INTO routing_labels (decision_id, source, tier, value, created_at)
     SELECT id, 'implicit:error', 'medium', 1, timestamp FROM routing_logs WHERE token_count % 8 = 0`,
  );
}
