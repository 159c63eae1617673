import { type Asked, asksForJson, firstField } from "./asked.ts";
import { readMessages } from "./chat.ts";
import { readContent } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Reading } from "./reading.ts";

/** Reads Anthropic messages: `system` as a string or a list of blocks, then `messages`. */
export function readAnthropic(body: JsonObject, reading: Reading): Asked {
  reading.addSystem(readContent(body.system, body.system_chars, { path: "system", notes: reading.notes }));
  readMessages(body, reading);
  const config = isObject(body.output_config) ? body.output_config : {};
  return {
    maxOutput: firstField(body, ["max_tokens"]),
    structuredOutput: asksForJson(config.format) || asksForJson(body.output_format),
    toolLists: [{ path: "tools", list: body.tools }],
  };
}
