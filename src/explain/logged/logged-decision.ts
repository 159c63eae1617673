import { z } from "zod";
import { readStep, type StoredStep } from "./stored-step.ts";

/** What is empty in CSV is null there; numbers and lists are texts. */
const orNull = (value: unknown) => (value === "" || value === undefined ? null : value);
const name = z.preprocess(orNull, z.string().nullable());
/** A text may be empty, and is left out where none was exported. */
const text = z.string().nullable().default(null);
const number = z.preprocess(
  (value) => (typeof value === "string" && value !== "" ? Number(value) : orNull(value)),
  z.number().nullable(),
);
const count = z.preprocess((value) => (typeof value === "string" ? Number(value) : value), z.number());
const flag = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean(),
);
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === "string" && value !== "" ? parseJson(value) : orNull(value)),
    schema,
  );
const time = z.preprocess((value) => (typeof value === "string" ? new Date(value) : value), z.date());

const candidateSchema = z.object({
  model: z.string(),
  tier: z.string().nullable(),
  refusal: z.string().nullable(),
  estimated_cost_usd: z.number().nullable(),
  ask_cost_usd: z.number().optional(),
  latency_ms: z.number().optional(),
});

const loggedSchema = z.object({
  id: z.uuid(),
  timestamp: time,
  user_text: text,
  system_prompt: text,
  system_prompt_hash: name,
  tool_count: count,
  code_block_count: count,
  has_error_trace: flag,
  tier: name,
  strategy: z.preprocess(orNull, z.enum(["static", "ml", "llm"]).nullable()),
  score: number,
  confidence: number,
  original_model: z.string(),
  resolved_model: z.string(),
  method: z.string(),
  reason: z.string(),
  pick: z.string(),
  candidates: json(z.array(candidateSchema)),
  propensity: count.pipe(z.number().positive().max(1.000001)),
  policy_revision: z.string(),
  classifier_revision: z.string(),
  mode: z.string(),
  rollout: name,
  explored_from: name,
  trace: json(z.array(z.unknown()).nullable().default(null)).transform(
    (steps) => steps?.flatMap(readStep) ?? null,
  ),
  features: json(z.array(z.number().nullable()).nullable()),
  feature_version: name,
  call_type: name,
  key_hash: name,
  team_id: name,
  user_id: name,
  end_user_id: name,
  tags: json(z.array(z.string())),
  conversation_id: name,
  turn: count,
  input_tokens_estimate: count,
  /** Left out of an export of some columns. */
  redactions: number.nullish(),
  estimated_cost_usd: number,
  applied_model: name,
  served_by: name,
  status: name,
  cost_usd: number,
  feedback_up: number,
  feedback_down: number,
});

/** Columns of routing_training that are decided again from. */
export const LOGGED_COLUMNS: readonly string[] = Object.keys(loggedSchema.shape);

/** A decision as the log has it, with what came of it; the names are those of the columns. */
export type LoggedDecision = z.output<typeof loggedSchema>;

/** A row as read, or what is wrong with it. */
export type ParsedRow =
  | { readonly ok: true; readonly row: LoggedDecision }
  | { readonly ok: false; readonly id: string | null; readonly problem: string };

/** Reads a row of routing_training, from the database or from an export in any format. Total. */
export function parseLogged(record: unknown): ParsedRow {
  const result = loggedSchema.safeParse(record);
  if (result.success) return { ok: true, row: result.data };
  const [issue] = result.error.issues;
  const id = z.object({ id: z.string() }).safeParse(record);
  const problem = `${issue?.path.join(".") || "row"}: ${issue?.message ?? "wrong"}`;
  return { ok: false, id: id.success ? id.data.id : null, problem };
}

/**
 * What tells a row's conversation from all others; null where it is in none. Without a session of the client's own its id
 * is made of how it began, which any number of people may have begun alike.
 */
export function conversationOf(row: LoggedDecision): string | null {
  const { conversation_id, key_hash, user_id, end_user_id } = row;
  return conversation_id === null ? null : JSON.stringify([conversation_id, key_hash, user_id, end_user_id]);
}

/** When the request of a row was decided for: in a tool loop the moment when that began, where the trace tells it. */
export function momentOf(row: LoggedDecision): Date {
  const began = stepOf(row, "moment");
  return began === undefined ? row.timestamp : new Date(began.at);
}

/** A step of a row's trace; undefined where there is none, or the trace is not there. */
export function stepOf<Name extends StoredStep["step"]>(
  { trace }: LoggedDecision,
  name: Name,
): Extract<StoredStep, { readonly step: Name }> | undefined {
  const isNamed = (step: StoredStep): step is Extract<StoredStep, { readonly step: Name }> =>
    step.step === name;
  return trace?.find(isNamed);
}

/** What is no JSON is left to the schema to refuse. */
function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
