import { isObject, type JsonObject } from "./json.ts";
import type { WireShape } from "./route-request.ts";

const shapes: ReadonlyMap<unknown, WireShape> = new Map<unknown, WireShape>([
  ["acompletion", "chat"],
  ["completion", "chat"],
  ["atext_completion", "text"],
  ["text_completion", "text"],
  ["anthropic_messages", "messages"],
  ["aresponses", "responses"],
  ["responses", "responses"],
]);

/** Fields at the top of a body that only Anthropic messages have. */
const anthropicFields = ["system", "stop_sequences", "thinking", "anthropic_version", "output_config"];

/** Which wire format a body is in: by LiteLLM's call type where that is known, by the body's fields otherwise. */
export function wireShape(callType: string | null, body: JsonObject): WireShape {
  return shapes.get(callType) ?? shapeOfBody(body);
}

function shapeOfBody(body: JsonObject): WireShape {
  if (body.messages === undefined) {
    if (["input", "instructions", "previous_response_id"].some((field) => body[field] !== undefined))
      return "responses";
    if (body.prompt !== undefined) return "text";
  }
  const isAnthropic =
    anthropicFields.some((field) => body[field] !== undefined) || hasInputSchema(body.tools);
  return isAnthropic ? "messages" : "chat";
}

function hasInputSchema(tools: unknown): boolean {
  return Array.isArray(tools) && isObject(tools[0]) && tools[0].input_schema !== undefined;
}
