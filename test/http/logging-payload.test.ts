import { describe, expect, test } from "vitest";
import { readLoggingPayload as readAny } from "../../src/http/logging-payload.ts";
import { loggingPayload, MARK } from "../support/logging-payload.ts";

const readLoggingPayload = (entry: unknown) => readAny(entry, "generic_api");

describe("readLoggingPayload()", () => {
  test("reads figures and names, and no text", () => {
    const outcome = readLoggingPayload(loggingPayload());
    expect(outcome).toEqual({
      decisionId: MARK.decision_id,
      reportedMs: 1_795_212_898_500,
      status: "success",
      errorClass: null,
      httpStatus: 200,
      method: "auto",
      appliedModel: "small",
      deniedModels: ["large"],
      servedBy: "small",
      promptTokens: 1_000,
      completionTokens: 70,
      reasoningTokens: 30,
      cachedTokens: 400,
      costUsd: 0.0078,
      latencyMs: 2_500,
      ttftMs: 250,
      fallbackDepth: null,
      retries: null,
      finishReason: "tool_calls",
      toolCalls: ["look_up"],
      stream: true,
      cacheHit: false,
      litellmCallId: "29bb1b09-4084-41c3-bcb8-b76ecdad74d9",
      source: "generic_api",
    });
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });

  test("has no time to the first token of an answer that was not streamed", () => {
    expect(readLoggingPayload(loggingPayload({ stream: null }))).toMatchObject({
      ttftMs: null,
      stream: false,
    });
  });

  test("reads a failure", () => {
    const error_information = { error_class: "RateLimitError", error_code: "429", error_message: "canary" };
    const failure = readLoggingPayload(
      loggingPayload({ status: "failure", error_information, response: null }),
    );
    expect(failure).toMatchObject({
      status: "failure",
      errorClass: "RateLimitError",
      httpStatus: 429,
      finishReason: null,
      toolCalls: [],
    });
  });

  test.each([
    ["acompletion", 400],
    ["aresponses", 400],
    ["anthropic_messages", null],
    ["atext_completion", null],
  ])("reads what LiteLLM answers to a request that is not well formed: %s", (call_type, httpStatus) => {
    const error_information = { error_class: "AttributeError", error_code: "" };
    const failure = loggingPayload({ status: "failure", call_type, error_information });
    expect(readLoggingPayload(failure)).toMatchObject({ httpStatus });
  });

  test("reads what LiteLLM answers where every deployment of the model rests", () => {
    const error_information = { error_class: "RouterRateLimitError", error_code: "" };
    const failure = loggingPayload({ status: "failure", error_information });
    expect(readLoggingPayload(failure)).toMatchObject({ httpStatus: 429, servedBy: "small" });
  });
  const asOwnLogger = { asked: undefined, error_cause: undefined };
  const asked = { asked: true, error_cause: "NoneType" };
  const notAsked = { asked: false, error_cause: "NoneType" };
  test.each([
    ["raw, as LiteLLM's own logger tells it", "AttributeError", "", asOwnLogger, null],
    ["raw, before a provider was asked", "ValueError", "", notAsked, null],
    ["raw, over a provider's answer", "TypeError", "", asked, "small"],
    ["of LiteLLM's code", "APIConnectionError", "500", { asked: false, error_cause: "KeyError" }, null],
    [
      "of a key that is not set",
      "APIConnectionError",
      "500",
      { asked: false, error_cause: "ValueError" },
      "small",
    ],
    ["of credentials", "APIConnectionError", "500", { asked: false, error_cause: "RefreshError" }, "small"],
    ["over an answer", "APIConnectionError", "500", { asked: true, error_cause: "TypeError" }, "small"],
    ["as LiteLLM's own logger tells it", "APIConnectionError", "500", asOwnLogger, "small"],
    ["of a model that rests in LiteLLM", "RouterRateLimitError", "429", notAsked, "small"],
    ["of a stream", "ReadError", "", asked, "small"],
  ])(
    "names the model of a failure where it was asked: %s, %s",
    (_name, error_class, error_code, told, servedBy) => {
      const error_information = { error_class, error_code };
      const failure = loggingPayload({ status: "failure", error_information, ...told });
      expect(readLoggingPayload(failure)).toMatchObject({ servedBy, appliedModel: "small" });
    },
  );

  test("names nobody who served where every candidate was denied", () => {
    const signalbox = { ...MARK, model: null };
    const denied = loggingPayload({
      status: "failure",
      model_group: "auto",
      metadata: { spend_logs_metadata: { signalbox } },
    });
    expect(readLoggingPayload(denied)).toMatchObject({
      servedBy: null,
      appliedModel: null,
      deniedModels: ["large"],
    });
  });

  test("names nobody who served where the caller was over a limit of LiteLLM's own", () => {
    const error_information = { error_class: "ProxyRateLimitError", error_code: "429" };
    const limited = loggingPayload({ status: "failure", model_group: "small", error_information });
    expect(readLoggingPayload(limited)).toMatchObject({ servedBy: null, httpStatus: 429 });
  });

  test("tells a client that left by the class of the error on a success", () => {
    const error_information = { error_class: "ClientDisconnected", error_code: "499" };
    expect(readLoggingPayload(loggingPayload({ error_information }))).toMatchObject({
      status: "cancelled",
      httpStatus: 499,
      finishReason: null,
    });
  });

  test.each([
    [{ status: "completed", output: [{ type: "message" }] }, "stop", []],
    [{ status: "completed", output: [{ type: "function_call", name: "dig" }] }, "tool_calls", ["dig"]],
    [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "length", []],
    [{ status: "incomplete", incomplete_details: { reason: "content_filter" } }, "content_filter", []],
    [{ text: "redacted-by-litellm" }, null, []],
    ["redacted-by-litellm", null, []],
  ])("reads an answer of Responses: %j", (response, finishReason, toolCalls) => {
    expect(readLoggingPayload(loggingPayload({ response }))).toMatchObject({ finishReason, toolCalls });
  });

  test.each([
    ["without our mark", { metadata: { spend_logs_metadata: null } }],
    ["of another metadata", { metadata: { spend_logs_metadata: { team: "x" } } }],
    ["of LiteLLM's own classifier", { call_type: "pass_through_endpoint" }],
    ["without a call id", { litellm_call_id: null }],
  ])("skips a payload %s", (_name, changed) => {
    expect(readLoggingPayload(loggingPayload(changed))).toBe("skip");
  });

  test("takes what the callback adds: attempts, and its name", () => {
    const payload = loggingPayload({ attempted_fallbacks: 1, attempted_retries: 2 });
    expect(readAny(payload, "callback")).toMatchObject({ fallbackDepth: 1, retries: 2, source: "callback" });
  });

  test("takes a field of another type for left out", () => {
    const odd = { prompt_tokens: "many", response_cost: -1, model_group: 5, response: [], cache_hit: "no" };
    expect(readLoggingPayload(loggingPayload(odd))).toMatchObject({
      promptTokens: null,
      costUsd: null,
      servedBy: null,
      finishReason: null,
      cacheHit: false,
    });
  });

  test.each([
    null,
    5,
    "canary",
    [],
    {},
    { call_type: 1, metadata: {} },
    loggingPayload({ status: "canary" }),
  ])("refuses what is no payload, and does not repeat it: %#", (entry) => {
    const refused = readLoggingPayload(entry);
    expect(refused).toEqual({ refused: expect.any(String) });
    expect(JSON.stringify(refused)).not.toContain("canary");
  });
});
