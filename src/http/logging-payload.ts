import { z } from "zod";
import type { Outcome, OutcomeSource, OutcomeStatus } from "../log/outcome.ts";
import { lenient } from "../request/envelope-schema.ts";

const MAX_INT32 = 2 ** 31 - 1;
/** Candidates of a decision, and tools that one answer may call. */
const MAX_CANDIDATES = 16;
const MAX_TOOL_CALLS = 64;

const text = lenient(z.string().min(1).max(256));
const count = lenient(z.int().min(0).max(MAX_INT32));
const seconds = lenient(z.number().min(0));

const toolSchema = lenient(z.object({ function: lenient(z.object({ name: text })) }));
const choiceSchema = lenient(
  z.object({
    finish_reason: text,
    message: lenient(z.object({ tool_calls: lenient(z.array(toolSchema)) })),
  }),
);
const responseSchema = z.object({
  choices: lenient(z.array(choiceSchema)).describe("In the form of chat"),
  output: lenient(z.array(lenient(z.object({ type: text, name: text })))).describe(
    "In the form of Responses",
  ),
  status: text,
  incomplete_details: lenient(z.object({ reason: text })),
});
const markSchema = z.object({
  decision_id: z.string(),
  method: text,
  model: text.describe("The model that was put in the request, or left there"),
  denied: lenient(z.array(z.string().min(1).max(256)).max(MAX_CANDIDATES)).describe(
    "Candidates that the caller may not use",
  ),
});
const usageSchema = z.object({
  prompt_tokens_details: lenient(z.object({ cached_tokens: count })),
  completion_tokens_details: lenient(z.object({ reasoning_tokens: count })),
});

/**
 * What is read of LiteLLM's standard logging payload. Its other fields, with the texts of the request and the
 * answer, are not looked at; a field of another type counts as left out.
 */
export const loggingPayloadSchema = z.object({
  call_type: z.string(),
  litellm_call_id: text,
  status: z.enum(["success", "failure"]),
  stream: lenient(z.boolean()),
  cache_hit: lenient(z.boolean()).describe("LiteLLM answered from its own cache"),
  startTime: seconds.describe("Since 1970, as the other times"),
  endTime: seconds,
  completionStartTime: seconds.describe("Of the first token, where the answer is streamed"),
  model_group: text.describe("The model of model_list that answered, or failed last"),
  response_cost: lenient(z.number().min(0)).describe("USD"),
  prompt_tokens: count,
  completion_tokens: count,
  attempted_fallbacks: count.describe("Sent by the callback only, as attempted_retries"),
  attempted_retries: count,
  asked: lenient(z.boolean()).describe("Sent by the callback only: whether a provider was asked"),
  error_cause: text.describe("Sent by the callback only: class of the error that LiteLLM's own was made of"),
  error_information: lenient(z.object({ error_class: text, error_code: text })),
  response: lenient(responseSchema),
  metadata: z.object({
    spend_logs_metadata: lenient(z.object({ signalbox: lenient(markSchema) })),
    usage_object: lenient(usageSchema),
  }),
});

type Payload = z.output<typeof loggingPayloadSchema>;

/** The outcome that a payload tells of; "skip" where it is none of ours; or why it cannot be read. */
export type ReadPayload = Outcome | "skip" | { readonly refused: string };

/** Class that LiteLLM gives to a success whose client left before its end. */
const CLIENT_LEFT = "ClientDisconnected";

/**
 * Reads one entry of the callback's report or of LiteLLM's `generic_api` logger. Skipped are calls without our mark,
 * and the classifier calls of LiteLLM's own, which carry the mark of the request that they are for.
 */
export function readLoggingPayload(entry: unknown, source: OutcomeSource): ReadPayload {
  const result = loggingPayloadSchema.safeParse(entry);
  if (!result.success) return { refused: result.error.issues.map(describeIssue).join("; ") };
  const mark = result.data.metadata.spend_logs_metadata?.signalbox ?? null;
  const { call_type, litellm_call_id } = result.data;
  if (mark === null || litellm_call_id === null || call_type === "pass_through_endpoint") return "skip";
  return toOutcome(result.data, mark, source);
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${path.join(".") || "outcome"}: ${message}`;
}

function toOutcome(payload: Payload, mark: z.output<typeof markSchema>, source: OutcomeSource): Outcome {
  const status = statusOf(payload);
  const usage = payload.metadata.usage_object;
  return {
    decisionId: mark.decision_id,
    reportedMs: payload.endTime === null ? null : payload.endTime * 1_000,
    status,
    errorClass: payload.error_information?.error_class ?? null,
    httpStatus: httpStatusOf(payload),
    method: mark.method,
    appliedModel: mark.model,
    deniedModels: mark.denied ?? [],
    servedBy: servedByOf(payload, mark.model),
    promptTokens: payload.prompt_tokens,
    completionTokens: payload.completion_tokens,
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens ?? null,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? null,
    costUsd: payload.response_cost,
    latencyMs: msBetween(payload.startTime, payload.endTime),
    ttftMs: ttftOf(payload, status),
    fallbackDepth: payload.attempted_fallbacks,
    retries: payload.attempted_retries,
    finishReason: status === "success" ? finishReasonOf(payload.response) : null,
    toolCalls: toolCallsOf(payload.response),
    // LiteLLM says nothing of a plain answer; of a failed call that tells nothing.
    stream: payload.stream ?? (status === "failure" ? null : false),
    cacheHit: payload.cache_hit ?? false,
    litellmCallId: payload.litellm_call_id,
    source,
  };
}

function statusOf({ status, error_information }: Payload): OutcomeStatus {
  if (status !== "success") return "failure";
  return error_information?.error_class === CLIENT_LEFT ? "cancelled" : "success";
}

/** Classes of failures of LiteLLM's own code over a request that is not well formed, such as `"tools": [5]`. */
const PROGRAM_FAULTS: ReadonlySet<string> = new Set([
  "AttributeError",
  "IndexError",
  "KeyError",
  "TypeError",
  "ValueError",
]);
/** What LiteLLM makes of an error that it does not know, beside those of connections. */
const UNKNOWN_ERROR = "APIConnectionError";
/** What it makes that of where a key or a URL of the model is not set, which is no fault of the request. */
const NOT_SET = "ValueError";
/** The one that LiteLLM answers with 400 on these APIs; the others, and on the others, with 500. */
const REFUSED = "AttributeError";
const ANSWERED_400: ReadonlySet<string> = new Set(["acompletion", "aresponses"]);

/** Class of a failure where every deployment of the model rests, which LiteLLM answers with 429. */
const ALL_REST = "RouterRateLimitError";

/** LiteLLM writes it as a text; other numbers than those of HTTP are none. */
function httpStatusOf({ status, call_type, error_information }: Payload): number | null {
  const code = error_information?.error_code ?? "";
  if (/^[1-5]\d\d$/.test(code)) return Number(code);
  if (status === "success") return 200;
  if (error_information?.error_class === ALL_REST) return 429;
  const isRefused = error_information?.error_class === REFUSED && ANSWERED_400.has(call_type);
  return isRefused ? 400 : null;
}

/** Class of a failure for a limit of LiteLLM's own that the caller is over: no provider was asked. */
const OVER_LIMIT = "ProxyRateLimitError";

/** Where every candidate was denied, LiteLLM names the group of the client's own word, which nobody served. */
function servedByOf(payload: Payload, applied: string | null): string | null {
  const isOverLimit = payload.error_information?.error_class === OVER_LIMIT;
  return applied === null || isOverLimit || isNotWellFormed(payload) ? null : payload.model_group;
}

/** Whether LiteLLM failed over the request before it asked a provider. Its own logger does not tell whether it did. */
function isNotWellFormed({ status, asked, error_cause, error_information }: Payload): boolean {
  if (status === "success" || asked === true) return false;
  const { error_class = null, error_code = null } = error_information ?? {};
  if (error_class === UNKNOWN_ERROR) {
    return asked === false && error_cause !== NOT_SET && PROGRAM_FAULTS.has(error_cause ?? "");
  }
  return error_code === null && PROGRAM_FAULTS.has(error_class ?? "");
}

/** LiteLLM has a time of the first token for each call; it is one where the answer came piece by piece. */
function ttftOf(payload: Payload, status: OutcomeStatus): number | null {
  if (payload.stream !== true || status === "failure") return null;
  return msBetween(payload.startTime, payload.completionStartTime);
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
  return [...called, ...items].filter((name) => name !== null).slice(0, MAX_TOOL_CALLS);
}

function msBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, (to - from) * 1_000);
}
