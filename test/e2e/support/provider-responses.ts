import {
  type Answer,
  answerPieces,
  type Body,
  type ServerEvent,
  toolToCall,
  usedTokens,
} from "./provider-answer.ts";

/** POST /v1/responses. */
export const responses: Answer = {
  plain: (model, body) => response(model, "completed", [outputItem(model, body)]),
  stream: (model, body) =>
    eventsOf(model, body).map(({ event, data }, index) => ({
      event,
      data: { type: event, sequence_number: index, ...data },
    })),
};

interface NamedEvent extends ServerEvent {
  readonly event: string;
  readonly data: Body;
}

function eventsOf(model: string, body: Body): readonly NamedEvent[] {
  const item = outputItem(model, body);
  return [
    { event: "response.created", data: { response: response(model, "in_progress", []) } },
    { event: "response.in_progress", data: { response: response(model, "in_progress", []) } },
    ...(toolToCall(body) === null ? textEvents(model) : toolEvents(item)),
    { event: "response.output_item.done", data: { output_index: 0, item } },
    { event: "response.completed", data: { response: response(model, "completed", [item]) } },
  ];
}

function textEvents(model: string): readonly NamedEvent[] {
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const text = answerPieces(model).join("");
  const started = { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] };
  return [
    { event: "response.output_item.added", data: { output_index: 0, item: started } },
    { event: "response.content_part.added", data: { ...place, part: outputText("") } },
    ...answerPieces(model).map((delta) => ({
      event: "response.output_text.delta",
      data: { ...place, delta },
    })),
    { event: "response.output_text.done", data: { ...place, text } },
    { event: "response.content_part.done", data: { ...place, part: outputText(text) } },
  ];
}

function toolEvents(item: Body): readonly NamedEvent[] {
  const place = { item_id: "fc_1", output_index: 0 };
  const started = { ...item, arguments: "", status: "in_progress" };
  return [
    { event: "response.output_item.added", data: { output_index: 0, item: started } },
    { event: "response.function_call_arguments.delta", data: { ...place, delta: "{}" } },
    { event: "response.function_call_arguments.done", data: { ...place, arguments: "{}" } },
  ];
}

function outputItem(model: string, body: Body) {
  const name = toolToCall(body);
  if (name !== null) {
    return {
      id: "fc_1",
      type: "function_call",
      call_id: "call_1",
      name,
      arguments: "{}",
      status: "completed",
    };
  }
  const content = [outputText(answerPieces(model).join(""))];
  return { id: "msg_1", type: "message", role: "assistant", status: "completed", content };
}

function outputText(text: string) {
  return { type: "output_text", text, annotations: [] };
}

function response(model: string, status: "in_progress" | "completed", output: readonly unknown[]) {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status,
    model,
    output,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    temperature: 1,
    top_p: 1,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    usage: status === "completed" ? usage : null,
  };
}

const usage = {
  input_tokens: usedTokens.input,
  input_tokens_details: { cached_tokens: usedTokens.cached },
  output_tokens: usedTokens.output,
  output_tokens_details: { reasoning_tokens: usedTokens.reasoning },
  total_tokens: usedTokens.input + usedTokens.output,
};
