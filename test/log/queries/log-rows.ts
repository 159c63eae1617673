import { uuidLowerBound } from "../../../src/log/uuid-lower-bound.ts";
import type { TestDatabase } from "../../support/database.ts";

type Row = Readonly<Record<string, unknown>>;

let count = 0;

/** An id that was made at this time, greater than those made before of the same time. */
export function idAt(at: Date): string {
  count += 1;
  return uuidLowerBound(at).replace(
    "-0000-0000-000000000000",
    `-7000-8000-${count.toString(16).padStart(12, "0")}`,
  );
}

/** Stores a decision of `auto` that went to the model small of the tier simple; gives its id. */
export async function insertDecision(database: TestDatabase, at: Date, changes: Row = {}): Promise<string> {
  const id = idAt(at);
  const row = { ...EVERYDAY_DECISION, id, timestamp: at, ...changes };
  await insert(database, "routing_logs", row);
  return id;
}

/** Stores a success that took a second; gives the id of the decision. */
export async function insertOutcome(database: TestDatabase, id: string, changes: Row = {}): Promise<string> {
  await insert(database, "routing_outcomes", { ...EVERYDAY_OUTCOME, decision_id: id, ...changes });
  return id;
}

/** Stores what somebody says of a decision. */
export async function insertFeedback(database: TestDatabase, id: string, changes: Row = {}): Promise<void> {
  const at = new Date();
  const row = { id: idAt(at), decision_id: id, created_at: at, rating: "up", source: "api", ...changes };
  await insert(database, "routing_feedback", row);
}

async function insert(database: TestDatabase, table: string, row: Row): Promise<void> {
  await database.query(
    `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [JSON.stringify([row])],
  );
}

const EVERYDAY_DECISION = {
  token_count: 5,
  conversation_turns: 1,
  code_block_count: 0,
  code_lines: 0,
  has_error_trace: false,
  tool_count: 0,
  tier: "simple",
  strategy: "static",
  score: 20,
  original_model: "auto",
  resolved_model: "small",
  method: "auto",
  reason: "score 20 is in simple (0-30)",
  pick: "first",
  candidates: [],
  propensity: 1,
  policy_revision: "p",
  classifier_revision: "static-1",
  mode: "enforce",
  trace: [],
  tags: [],
  turn: 1,
  input_tokens_estimate: 100,
  estimated_cost_usd: 0.001,
  baseline_model: "big",
  decide_us: 30,
  redactions: 0,
};

const EVERYDAY_OUTCOME = {
  reported_at: new Date(),
  status: "success",
  http_status: 200,
  prompt_tokens: 100,
  completion_tokens: 50,
  reasoning_tokens: 10,
  cached_tokens: 20,
  cost_usd: 0.001,
  baseline_cost_usd: 0.01,
  latency_ms: 1_000,
  served_by: "small",
  finish_reason: "stop",
  tool_calls: [],
  cache_hit: false,
  source: "callback",
};
