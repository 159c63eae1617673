import {
  type Answer,
  answerPieces,
  type Body,
  type ServerEvent,
  toolToCall,
  usedTokens,
} from "./provider-answer.ts";

const usage = {
  prompt_tokens: usedTokens.input,
  completion_tokens: usedTokens.output,
  total_tokens: usedTokens.input + usedTokens.output,
  prompt_tokens_details: { cached_tokens: usedTokens.cached },
  completion_tokens_details: { reasoning_tokens: usedTokens.reasoning },
};

/** POST /v1/chat/completions. */
export const chatCompletions: Answer = {
  plain: (model, body) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, ...chatMessage(model, body) }],
    usage,
  }),
  stream: (model, body) => [
    ...chatDeltas(model, body).map((choice) => chatChunk(model, [{ index: 0, ...choice }], null)),
    chatChunk(model, [], usage),
    { event: null, data: "[DONE]" },
  ],
};

function chatMessage(model: string, body: Body) {
  const tool = toolToCall(body);
  if (tool === null) {
    return { message: { role: "assistant", content: answerPieces(model).join("") }, finish_reason: "stop" };
  }
  return {
    message: { role: "assistant", content: null, tool_calls: [toolCall(tool)] },
    finish_reason: "tool_calls",
  };
}

function chatDeltas(model: string, body: Body): readonly Record<string, unknown>[] {
  const tool = toolToCall(body);
  if (tool !== null) {
    return [
      { delta: { role: "assistant", tool_calls: [{ index: 0, ...toolCall(tool) }] }, finish_reason: null },
      { delta: {}, finish_reason: "tool_calls" },
    ];
  }
  const [head, tail] = answerPieces(model);
  return [
    { delta: { role: "assistant", content: head }, finish_reason: null },
    { delta: { content: tail }, finish_reason: null },
    { delta: {}, finish_reason: "stop" },
  ];
}

function chatChunk(model: string, choices: readonly unknown[], chunkUsage: typeof usage | null): ServerEvent {
  const chunk = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices };
  return { event: null, data: chunkUsage === null ? chunk : { ...chunk, usage: chunkUsage } };
}

function toolCall(name: string) {
  return { id: "call_1", type: "function", function: { name, arguments: "{}" } };
}

/** POST /v1/completions. */
export const textCompletions: Answer = {
  plain: (model) => textCompletion(model, answerPieces(model).join(""), "stop"),
  stream: (model) => {
    const [head, tail] = answerPieces(model);
    return [
      { event: null, data: textCompletion(model, head, null) },
      { event: null, data: textCompletion(model, tail, "stop") },
      { event: null, data: "[DONE]" },
    ];
  },
};

function textCompletion(model: string, text: string, finishReason: string | null) {
  const choices = [{ index: 0, text, logprobs: null, finish_reason: finishReason }];
  return { id: "cmpl-1", object: "text_completion", created: 1, model, choices, usage };
}

/** POST /v1/embeddings. */
export function embeddings(model: string): unknown {
  return {
    object: "list",
    model,
    data: [{ object: "embedding", index: 0, embedding: [0.1, 0.2, 0.3] }],
    usage: { prompt_tokens: usedTokens.input, total_tokens: usedTokens.input },
  };
}
