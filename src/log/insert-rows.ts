import type { ClientBase } from "pg";
import type { LogRow } from "./row.ts";
import { toJsonLine } from "./row-line.ts";

/** Columns that the sidecar fills, with their types. */
const COLUMN_TYPES: Readonly<Record<keyof LogRow, string>> = {
  id: "uuid",
  timestamp: "timestamptz",
  user_text: "text",
  system_prompt: "text",
  system_prompt_hash: "text",
  token_count: "integer",
  conversation_turns: "integer",
  code_block_count: "integer",
  code_lines: "integer",
  has_error_trace: "boolean",
  tool_count: "integer",
  tier: "text",
  strategy: "text",
  score: "double precision",
  original_model: "text",
  resolved_model: "text",
  method: "text",
  confidence: "double precision",
  reason: "text",
  pick: "text",
  candidates: "jsonb",
  propensity: "double precision",
  policy_revision: "text",
  classifier_revision: "text",
  mode: "text",
  trace: "jsonb",
  call_type: "text",
  litellm_call_id: "text",
  key_hash: "text",
  team_id: "text",
  user_id: "text",
  end_user_id: "text",
  // One literal a row: unnest would take a list of lists apart down to its last element.
  tags: "text",
  conversation_id: "text",
  turn: "integer",
  input_tokens_estimate: "integer",
  estimated_cost_usd: "double precision",
  baseline_model: "text",
  decide_us: "integer",
  redactions: "integer",
};

const COLUMNS = Object.entries(COLUMN_TYPES).map(([name, type]) => ({ name, type }));

const INSERT = `
  INSERT INTO routing_logs (${COLUMNS.map(({ name }) => name).join(", ")})
  SELECT ${COLUMNS.map(({ name }) => (name === "tags" ? "tags::text[]" : name)).join(", ")}
  FROM unnest(${COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(", ")})
    AS rows (${COLUMNS.map(({ name }) => name).join(", ")})
  ON CONFLICT (id) DO NOTHING`;

/**
 * Stores rows in one statement, so all of them or none. A row whose id is there already is left alone.
 *
 * @throws {DatabaseError} of class 22 or 23 where a row is not acceptable.
 */
export async function insertRows(client: ClientBase, rows: readonly LogRow[]): Promise<void> {
  const flat = rows.map(flatten);
  const values = COLUMNS.map(({ name }) => flat.map((row) => row[name]));
  await client.query({ name: "signalbox_insert_rows", text: INSERT, values });
}

function flatten(row: LogRow): Record<string, unknown> {
  const clean: LogRow = JSON.parse(toJsonLine(row));
  const { tags, candidates, trace } = clean;
  const json = { candidates: JSON.stringify(candidates), trace: JSON.stringify(trace) };
  return { ...clean, ...json, tags: arrayLiteral(tags) };
}

function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}
