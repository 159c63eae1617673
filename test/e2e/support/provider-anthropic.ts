import {
  type Answer,
  answerPieces,
  type Body,
  type ServerEvent,
  toolToCall,
  usedTokens,
} from "./provider-answer.ts";

const usage = {
  input_tokens: usedTokens.input - usedTokens.cached,
  cache_read_input_tokens: usedTokens.cached,
  cache_creation_input_tokens: 0,
  output_tokens: usedTokens.output,
};

/** POST /v1/messages. */
export const messages: Answer = {
  plain: (model, body) => ({
    ...emptyMessage(model),
    content: [contentBlock(model, body)],
    stop_reason: stopReason(body),
    usage,
  }),
  stream: (model, body) => streamEvents(model, body).map((data): ServerEvent => ({ event: data.type, data })),
};

interface StreamEvent extends Body {
  readonly type: string;
}

function streamEvents(model: string, body: Body): readonly StreamEvent[] {
  return [
    { type: "message_start", message: { ...emptyMessage(model), usage: { ...usage, output_tokens: 1 } } },
    ...blockEvents(model, body),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(body), stop_sequence: null },
      usage: { output_tokens: usedTokens.output },
    },
    { type: "message_stop" },
  ];
}

function emptyMessage(model: string) {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function contentBlock(model: string, body: Body) {
  const name = toolToCall(body);
  if (name !== null) return { type: "tool_use", id: "toolu_1", name, input: {} };
  return { type: "text", text: answerPieces(model).join("") };
}

function stopReason(body: Body): "tool_use" | "end_turn" {
  return toolToCall(body) === null ? "end_turn" : "tool_use";
}

function blockEvents(model: string, body: Body): readonly StreamEvent[] {
  const name = toolToCall(body);
  if (name !== null) {
    const tool = { type: "tool_use", id: "toolu_1", name, input: {} };
    return [
      { type: "content_block_start", index: 0, content_block: tool },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{}" } },
    ];
  }
  return [
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ...answerPieces(model).map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
  ];
}

/** POST /v1/messages/count_tokens. */
export function countTokens(): unknown {
  return { input_tokens: usedTokens.input };
}
