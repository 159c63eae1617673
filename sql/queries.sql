-- Named queries over the log. Each begins at its name and ends with its semicolon.

-- name: get_logs_by_tier
-- $1 tier, $2 number of rows; the newest first.
SELECT id, timestamp, user_text, system_prompt, token_count, conversation_turns, code_block_count,
       code_lines, has_error_trace, tool_count, tier, strategy, score, original_model, resolved_model
FROM routing_logs
WHERE tier = $1
ORDER BY id DESC
LIMIT $2;

-- name: get_logs_with_embeddings
-- The embedding is float32, little-endian: numpy.frombuffer(embedding, "<f4").
SELECT id, user_text, tier, embedding
FROM routing_logs
WHERE embedding IS NOT NULL
ORDER BY id;

-- name: count_by_tier
-- A row with tier NULL counts what was not auto-routed.
SELECT tier, count(*) AS count
FROM routing_logs
GROUP BY tier
ORDER BY tier;
