/** A standard logging payload of LiteLLM 1.106.2 of a streamed call that succeeded, as far as it is looked at. */
export function loggingPayload(changed: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: "chatcmpl-1",
    litellm_call_id: "29bb1b09-4084-41c3-bcb8-b76ecdad74d9",
    call_type: "acompletion",
    cache_hit: false,
    stream: true,
    status: "success",
    startTime: 1_795_212_896,
    endTime: 1_795_212_898.5,
    completionStartTime: 1_795_212_896.25,
    response_time: 0.25,
    model: "openai/small-wire",
    model_group: "small",
    response_cost: 0.0078,
    prompt_tokens: 1_000,
    completion_tokens: 70,
    total_tokens: 1_070,
    messages: [{ role: "user", content: "canary-prompt" }],
    error_str: null,
    error_information: { error_code: "", error_class: "", llm_provider: "", error_message: "" },
    response: {
      object: "chat.completion",
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            content: "canary-answer",
            tool_calls: [{ function: { name: "look_up", arguments: "canary" } }],
          },
        },
      ],
    },
    metadata: {
      user_api_key_hash: "ab",
      spend_logs_metadata: {
        signalbox: { ...MARK, tier: "simple", requested_model: "auto" },
      },
      usage_object: {
        prompt_tokens_details: { cached_tokens: 400, audio_tokens: null },
        completion_tokens_details: { reasoning_tokens: 30 },
        cost: null,
      },
    },
    ...changed,
  };
}

/** What the callback leaves in the metadata of a spend log. */
export const MARK = {
  decision_id: "0195513e-7c00-7000-8000-000000000001",
  method: "auto",
  model: "small",
  denied: ["large"],
} as const;
