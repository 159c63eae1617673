import { z } from "zod";
import { CATEGORIES } from "../classify/category/categories.ts";
import { LANGUAGE_CODES } from "../classify/language/language-codes.ts";
import { METHODS } from "../decide/decision.ts";
import type { LogReader } from "../log/log-reader.ts";
import type { DecisionFilter } from "../log/queries/decision-filter.ts";
import type { FoundDecision } from "../log/queries/find-decision.ts";
import type { DecisionSummary } from "../log/queries/list-decisions.ts";
import { type Endpoint, queryEndpoint } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";
import { noFields, queryInt, queryScore, queryText, queryTime } from "./query.ts";
import { readLog } from "./read-log.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const STATUSES = ["success", "failure", "cancelled"] as const;

const querySchema = z.strictObject({
  since: queryTime().optional().describe("Decisions from this time on: 2026-01-31 or 2026-01-31T12:00:00Z"),
  until: queryTime().optional().describe("Decisions before this time"),
  tier: queryText().optional(),
  method: z.enum(METHODS).optional(),
  strategy: z.enum(["static", "ml", "llm"]).optional().describe("Classifier that decided"),
  mode: z.enum(["enforce", "shadow"]).optional(),
  rollout: z.enum(["policy", "control"]).optional().describe("Group while a policy is rolled out to a share"),
  category: z.enum(CATEGORIES).optional().describe("What the newest human turn asks for"),
  language: z.enum(LANGUAGE_CODES).optional().describe("What it is written in, ISO 639-1"),
  model: queryText().optional().describe("Model that was chosen"),
  requested: queryText().optional().describe("Model name that the client asked for, as it is stored"),
  key_hash: queryText().optional(),
  team_id: queryText().optional(),
  user_id: queryText().optional(),
  conversation_id: queryText().optional().describe("As it is stored"),
  status: z.enum(STATUSES).optional().describe("Of the outcome; decisions without one are left out"),
  min_score: queryScore().optional().describe("Included"),
  max_score: queryScore().optional().describe("Included"),
  rating: z.enum(["up", "down"]).optional().describe("Given at least once in feedback"),
  limit: queryInt({ min: 1, max: MAX_LIMIT })
    .optional()
    .describe(`Most decisions of a page, ${DEFAULT_LIMIT} unless given`),
  before: z.uuidv7().optional().describe("`next` of the page before this one"),
});

type Query = z.output<typeof querySchema>;

const summarySchema = z.object({
  id: z.string(),
  timestamp: z.iso.datetime(),
  original_model: z.string().describe("As the client asked"),
  resolved_model: z.string().describe("As it was decided"),
  method: z.string(),
  tier: z.string().nullable().describe("null where nothing was auto-routed"),
  strategy: z.string().nullable(),
  score: z.number().nullable(),
  confidence: z.number().nullable(),
  reason: z.string(),
  mode: z.string(),
  rollout: z.string().nullable().describe("null: decided in no rollout"),
  category: z.string().nullable().describe("null where no human spoke, and in rows of earlier versions"),
  language: z.string().nullable().describe("null where nothing tells it, too"),
  key_hash: z.string().nullable(),
  team_id: z.string().nullable(),
  user_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  turn: z.int().describe("Human turns of the conversation"),
  input_tokens_estimate: z.int(),
  estimated_cost_usd: z.number().nullable(),
  decide_us: z.int().describe("Time that the decision took, in microseconds"),
  status: z.enum(STATUSES).nullable().describe("This and what follows is null where no outcome was reported"),
  error_class: z.string().nullable(),
  served_by: z.string().nullable(),
  cost_usd: z.number().nullable().describe("True cost; null where it is not known"),
  baseline_cost_usd: z.number().nullable(),
  latency_ms: z.number().nullable(),
  finish_reason: z.string().nullable(),
  cache_hit: z.boolean().nullable(),
  feedback_up: z.int(),
  feedback_down: z.int(),
});

const pageSchema = z.object({
  decisions: z.array(summarySchema),
  next: z.string().nullable().describe("Give it as `before` for the next page; null on the last one"),
});

const foundSchema = z.object({
  decision: z
    .looseObject({
      id: z.string(),
      timestamp: z.string(),
      user_text: z.string().nullable().describe("Newest human turn, as `store_text` keeps it"),
      system_prompt: z.string().nullable(),
      original_model: z.string(),
      resolved_model: z.string(),
      method: z.string(),
      tier: z.string().nullable(),
      score: z.number().nullable(),
      reason: z.string(),
      candidates: z.array(z.looseObject({ model: z.string(), eligible: z.boolean() })),
      trace: z
        .array(z.looseObject({ step: z.string() }))
        .describe("The steps in the order in which they ran"),
    })
    .describe("All columns of routing_logs but the numbers of the embedding"),
  outcome: z
    .looseObject({ status: z.enum(STATUSES) })
    .nullable()
    .describe("All columns of routing_outcomes; null where none was reported"),
  feedback: z
    .array(z.looseObject({ id: z.string(), rating: z.enum(["up", "down"]) }))
    .describe("Rows of routing_feedback, oldest first"),
  labels: z.array(z.looseObject({ source: z.string() })).describe("Rows of routing_labels, by source"),
});

/** The answer of GET /v1/decisions. */
export type DecisionPage = z.output<typeof pageSchema>;

/** The answer of GET /v1/decisions/{id}. */
export type FoundDecisionReply = z.output<typeof foundSchema>;

/** GET /v1/decisions and GET /v1/decisions/{id}. `reader` is null where nothing is logged. */
export function loggedDecisionEndpoints(reader: LogReader | null): Endpoint[] {
  return [
    queryEndpoint(
      { method: "get", path: "/v1/decisions", scopes: ["admin"], summary: "The log, newest decisions first" },
      {
        params: noFields,
        query: querySchema,
        reply: pageSchema,
        handle: ({ query }) => readLog(reader, (log) => listPage(log, query)),
      },
    ),
    queryEndpoint(
      {
        method: "get",
        path: "/v1/decisions/{id}",
        scopes: ["admin"],
        summary: "One decision with its texts, steps, outcome, feedback and labels",
      },
      {
        params: z.strictObject({ id: z.uuidv7() }),
        query: noFields,
        reply: foundSchema,
        handle: ({ params }) => readLog(reader, (log) => findOne(log, params.id)),
      },
    ),
  ];
}

async function listPage(reader: LogReader, query: Query): Promise<z.input<typeof pageSchema>> {
  const { limit = DEFAULT_LIMIT, before = null } = query;
  // One more than is shown tells whether there is a next page.
  const found = await reader.list({ filter: filterOf(query), before, limit: limit + 1 });
  const decisions = found.slice(0, limit).map(toJson);
  return { decisions, next: found.length > limit ? (decisions.at(-1)?.id ?? null) : null };
}

function filterOf(query: Query): DecisionFilter {
  return {
    since: timeOf(query.since),
    until: timeOf(query.until),
    tier: query.tier,
    method: query.method,
    strategy: query.strategy,
    mode: query.mode,
    rollout: query.rollout,
    category: query.category,
    language: query.language,
    resolvedModel: query.model,
    originalModel: query.requested,
    keyHash: query.key_hash,
    teamId: query.team_id,
    userId: query.user_id,
    conversationId: query.conversation_id,
    minScore: query.min_score,
    maxScore: query.max_score,
    status: query.status,
    rating: query.rating,
  };
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function toJson(row: DecisionSummary): z.input<typeof summarySchema> {
  return { ...row, timestamp: row.timestamp.toISOString() };
}

async function findOne(reader: LogReader, id: string): Promise<z.input<typeof foundSchema>> {
  const found: FoundDecision | null = await reader.find(id);
  if (found !== null) return foundSchema.parse(found);
  throw new HttpError(
    "not_found",
    "Cannot answer: the database has no such decision; it was never made, waits to be stored, or is past its retention",
  );
}
