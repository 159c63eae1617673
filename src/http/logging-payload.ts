import { z } from "zod";
import type { Outcome, OutcomeStatus } from "../log/outcome.ts";
import { lenient } from "../request/envelope-schema.ts";

const text = lenient(z.string().min(1).max(256));
const count = lenient(
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
);
const seconds = lenient(z.number().min(0));

const toolSchema = lenient(z.object({ function: lenient(z.object({ name: text })) }));
const choiceSchema = lenient(
  z.object({
    finish_reason: text,
    message: lenient(z.object({ tool_calls: lenient(z.array(toolSchema)) })),
  }),
);
/** An answer in the form of chat, or of Responses. */
const responseSchema = lenient(
  z.object({
    choices: lenient(z.array(choiceSchema)),
    output: lenient(z.array(lenient(z.object({ type: text, name: text })))),
    status: text,
    incomplete_details: lenient(z.object({ reason: text })),
  }),
);
const markSchema = z.object({
  decision_id: z.string(),
  method: text,
  model: text,
  denied: lenient(z.array(z.string().min(1).max(256)).max(16)),
});
const usageSchema = z.object({
  prompt_tokens_details: lenient(z.object({ cached_tokens: count })),
  completion_tokens_details: lenient(z.object({ reasoning_tokens: count })),
});

/** What is read of LiteLLM's standard logging payload. Texts of the request and the answer are not looked at. */
const payloadSchema = z.object({
  call_type: z.string(),
  litellm_call_id: text,
  status: text,
  stream: lenient(z.boolean()),
  cache_hit: lenient(z.boolean()),
  startTime: seconds,
  endTime: seconds,
  completionStartTime: seconds,
  model_group: text,
  response_cost: lenient(z.number().min(0)),
  prompt_tokens: count,
  completion_tokens: count,
  error_information: lenient(z.object({ error_class: text, error_code: text })),
  response: responseSchema,
  metadata: z.object({
    spend_logs_metadata: lenient(z.object({ signalbox: lenient(markSchema) })),
    usage_object: lenient(usageSchema),
  }),
});

type Payload = z.output<typeof payloadSchema>;

/** Class that LiteLLM gives to a success whose client left before its end. */
const CLIENT_LEFT = "ClientDisconnected";

/**
 * Reads an entry of LiteLLM's `generic_api` logger.
 *
 * @returns the outcome; "skip" where the call is none of ours or a classifier call of LiteLLM's own, which carries
 * the mark of the request that it is for; null where the entry is no such payload.
 */
export function readLoggingPayload(entry: unknown): Outcome | "skip" | null {
  const result = payloadSchema.safeParse(entry);
  if (!result.success) return null;
  const mark = result.data.metadata.spend_logs_metadata?.signalbox ?? null;
  const { call_type, litellm_call_id } = result.data;
  if (mark === null || litellm_call_id === null || call_type === "pass_through_endpoint") return "skip";
  return toOutcome(result.data, mark);
}

function toOutcome(payload: Payload, mark: z.output<typeof markSchema>): Outcome {
  const status = statusOf(payload);
  const usage = payload.metadata.usage_object;
  const error = payload.error_information;
  return {
    decisionId: mark.decision_id,
    reportedMs: toMs(payload.endTime),
    status,
    errorClass: error?.error_class ?? null,
    httpStatus: httpStatusOf(payload),
    method: mark.method,
    appliedModel: mark.model,
    deniedModels: mark.denied ?? [],
    servedBy: payload.model_group,
    promptTokens: payload.prompt_tokens,
    completionTokens: payload.completion_tokens,
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens ?? null,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? null,
    costUsd: payload.response_cost,
    latencyMs: msBetween(payload.startTime, payload.endTime),
    ttftMs: payload.stream === true ? msBetween(payload.startTime, payload.completionStartTime) : null,
    // The payload holds neither.
    fallbackDepth: null,
    retries: null,
    finishReason: status === "success" ? finishReasonOf(payload.response) : null,
    toolCalls: toolCallsOf(payload.response),
    stream: payload.stream,
    cacheHit: payload.cache_hit ?? false,
    litellmCallId: payload.litellm_call_id,
    source: "generic_api",
  };
}

function statusOf({ status, error_information }: Payload): OutcomeStatus {
  if (status !== "success") return "failure";
  return error_information?.error_class === CLIENT_LEFT ? "cancelled" : "success";
}

/** LiteLLM writes it as a text; other numbers than those of HTTP are none. */
function httpStatusOf({ status, error_information }: Payload): number | null {
  const code = error_information?.error_code ?? null;
  if (code !== null && /^[1-5]\d\d$/.test(code)) return Number(code);
  return status === "success" ? 200 : null;
}

function finishReasonOf(response: Payload["response"]): string | null {
  const [choice] = response?.choices ?? [];
  if (choice) return choice.finish_reason;
  if (response?.status === "incomplete") return cutReason(response.incomplete_details?.reason ?? null);
  if (response?.status !== "completed") return response?.status ?? null;
  return toolCallsOf(response).length > 0 ? "tool_calls" : "stop";
}

/** Responses and chat have two names for an answer that was cut at the limit of tokens. */
function cutReason(reason: string | null): string {
  return reason === "max_output_tokens" ? "length" : (reason ?? "incomplete");
}

function toolCallsOf(response: Payload["response"]): string[] {
  const [choice] = response?.choices ?? [];
  const called = choice?.message?.tool_calls?.map((call) => call?.function?.name ?? null) ?? [];
  const items = response?.output?.map((item) => (item?.type === "function_call" ? item.name : null)) ?? [];
  return [...called, ...items].filter((name) => name !== null).slice(0, 64);
}

function toMs(secondsSince1970: number | null): number | null {
  return secondsSince1970 === null ? null : secondsSince1970 * 1_000;
}

function msBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, (to - from) * 1_000);
}
