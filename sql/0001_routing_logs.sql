-- One row a decision. The id is a UUIDv7 made by the sidecar, so its order is the order in time and a range
-- of ids is a range of time: the table is partitioned by it. Rows that no other partition takes go into the
-- default one.
CREATE TABLE routing_logs (
  id                    uuid PRIMARY KEY,
  timestamp             timestamptz NOT NULL,
  user_text             text,
  system_prompt         text,
  system_prompt_hash    text,
  token_count           integer NOT NULL,
  conversation_turns    integer NOT NULL,
  code_block_count      integer NOT NULL,
  code_lines            integer NOT NULL,
  has_error_trace       boolean NOT NULL,
  tool_count            integer NOT NULL,
  tier                  text,
  strategy              text,
  score                 double precision,
  original_model        text NOT NULL,
  resolved_model        text NOT NULL,
  embedding             bytea,
  method                text NOT NULL,
  confidence            double precision,
  reason                text NOT NULL,
  pick                  text NOT NULL,
  candidates            jsonb NOT NULL,
  propensity            double precision NOT NULL,
  policy_revision       text NOT NULL,
  classifier_revision   text NOT NULL,
  mode                  text NOT NULL,
  trace                 jsonb NOT NULL,
  features              real[],
  feature_version       text,
  call_type             text,
  litellm_call_id       text,
  key_hash              text,
  team_id               text,
  user_id               text,
  end_user_id           text,
  tags                  text[] NOT NULL,
  conversation_id       text,
  turn                  integer NOT NULL,
  input_tokens_estimate integer NOT NULL,
  estimated_cost_usd    double precision,
  baseline_model        text,
  decide_us             integer NOT NULL,
  redactions            integer NOT NULL
) PARTITION BY RANGE (id);

CREATE TABLE routing_logs_default PARTITION OF routing_logs DEFAULT;

CREATE INDEX routing_logs_timestamp_idx ON routing_logs (timestamp);
CREATE INDEX routing_logs_tier_idx ON routing_logs (tier, timestamp DESC);

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
