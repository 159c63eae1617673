import { type Asked, asksForJson, firstField } from "./asked.ts";
import type { JsonObject } from "./json.ts";
import { readMessage } from "./message.ts";
import { entriesOf, type Reading } from "./reading.ts";

/** Reads an OpenAI chat completion: `messages`, `tools` and the older `functions`. */
export function readChat(body: JsonObject, reading: Reading): Asked {
  readMessages(body, reading);
  return {
    maxOutput: firstField(body, ["max_completion_tokens", "max_tokens"]),
    structuredOutput: asksForJson(body.response_format),
    toolLists: [
      { path: "tools", list: body.tools },
      { path: "functions", list: body.functions },
    ],
  };
}

/** Reads the body's list of messages with roles. */
export function readMessages(body: JsonObject, reading: Reading): void {
  const top = { path: "messages", notes: reading.notes };
  for (const { entry, place } of entriesOf(body.messages, top)) {
    reading.begun += 1;
    readMessage(entry, place, reading);
  }
  reading.messages = Array.isArray(body.messages) ? body.messages.length : 0;
}
