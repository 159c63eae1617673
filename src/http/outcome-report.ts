import { z } from "zod";
import type { Outcome } from "../log/outcome.ts";

const MAX_INT32 = 2 ** 31 - 1;
/** Longest rest of a call, in milliseconds: a day. */
const MAX_DURATION_MS = 86_400_000;
/** Candidates of a decision, and tools that one answer may call. */
const MAX_CANDIDATES = 16;
const MAX_TOOL_CALLS = 64;

const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);
const name = z.string().min(1).max(256);
const count = optional(z.int().min(0).max(MAX_INT32));
const milliseconds = optional(z.number().min(0).max(MAX_DURATION_MS));

/** One outcome, as the callback reports it. Closed: a field that it does not name is refused. */
export const outcomeReportSchema = z.strictObject({
  decision_id: z.string().describe("x-signalbox-decision-id of the answer, a UUIDv7"),
  reported_at: optional(z.number().min(0)).describe(
    "Seconds since 1970; of two reports the later one counts",
  ),
  status: z.enum(["success", "failure", "cancelled"]).describe("cancelled: the client left before the end"),
  error_class: optional(z.string().max(256)),
  http_status: optional(z.int().min(100).max(599)),
  method: optional(z.string().max(32)).describe(
    "Method of the decision; the baseline is for those by need only",
  ),
  applied_model: optional(name).describe("The model that was put in the request, or left there"),
  denied_models: z
    .array(name)
    .max(MAX_CANDIDATES)
    .default([])
    .describe("Candidates that the caller may not use"),
  served_by: optional(name).describe("The model group that answered, or failed last"),
  prompt_tokens: count,
  completion_tokens: count,
  reasoning_tokens: count.describe("Among completion_tokens"),
  cached_tokens: count.describe("Among prompt_tokens: those that the provider had in its cache"),
  cost_usd: optional(z.number().min(0)),
  latency_ms: milliseconds,
  ttft_ms: milliseconds.describe("To the first token of a streamed answer"),
  fallback_depth: count,
  retries: count,
  finish_reason: optional(z.string().max(64)),
  tool_calls: z
    .array(name)
    .max(MAX_TOOL_CALLS)
    .default([])
    .describe("Names of the tools that the answer calls"),
  stream: optional(z.boolean()),
  cache_hit: optional(z.boolean()).describe("LiteLLM answered from its own cache"),
  litellm_call_id: optional(z.string().max(256)),
});

/** Turns a report that was read into the outcome that it tells of. */
export function toOutcome(report: z.output<typeof outcomeReportSchema>): Outcome {
  return {
    decisionId: report.decision_id,
    reportedMs: report.reported_at === null ? null : report.reported_at * 1_000,
    status: report.status,
    errorClass: report.error_class,
    httpStatus: report.http_status,
    method: report.method,
    appliedModel: report.applied_model,
    deniedModels: report.denied_models,
    servedBy: report.served_by,
    promptTokens: report.prompt_tokens,
    completionTokens: report.completion_tokens,
    reasoningTokens: report.reasoning_tokens,
    cachedTokens: report.cached_tokens,
    costUsd: report.cost_usd,
    latencyMs: report.latency_ms,
    ttftMs: report.ttft_ms,
    fallbackDepth: report.fallback_depth,
    retries: report.retries,
    finishReason: report.finish_reason,
    toolCalls: report.tool_calls,
    stream: report.stream,
    cacheHit: report.cache_hit,
    litellmCallId: report.litellm_call_id,
    source: "callback",
  };
}
