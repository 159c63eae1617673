import { type Asked, asksForJson, firstField } from "./asked.ts";
import { type Content, type Place, printedTexts, readContent } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import { readCall, readMessage, readReasoning } from "./message.ts";
import { entriesOf, type Reading } from "./reading.ts";

/** Types of content block that some clients put into `input` without a message around them. */
const bareBlocks: ReadonlySet<unknown> = new Set(["input_text", "input_image", "input_file", "input_audio"]);

/** Types of item that say nothing of what is asked. */
const silentItems: ReadonlySet<unknown> = new Set([
  "item_reference",
  "mcp_list_tools",
  "mcp_approval_response",
]);

/** Reads a Responses request: `instructions`, and `input` as a string or a list of items. */
export function readResponses(body: JsonObject, reading: Reading): Asked {
  const { notes } = reading;
  reading.addSystem(readContent(body.instructions, body.instructions_chars, { path: "instructions", notes }));
  readInput(body, reading);
  if (typeof body.previous_response_id === "string") reading.previousResponse = body.previous_response_id;
  return {
    maxOutput: firstField(body, ["max_output_tokens"]),
    structuredOutput: isObject(body.text) && asksForJson(body.text.format),
    toolLists: [{ path: "tools", list: body.tools }],
  };
}

function readInput(body: JsonObject, reading: Reading): void {
  const place = { path: "input", notes: reading.notes };
  if (!Array.isArray(body.input)) {
    reading.begun = 1;
    reading.addUser(readContent(body.input, body.chars, place));
    reading.messages = 1;
    return;
  }
  for (const { entry, place: inside } of entriesOf(body.input, place)) {
    reading.begun += 1;
    readItem(entry, inside, reading);
  }
  reading.messages = body.input.length;
}

function readItem(item: unknown, place: Place, reading: Reading): void {
  if (!isObject(item)) {
    if (typeof item === "string") reading.addUser(readContent(item, null, place));
    else place.notes.add(place.path, "no item: left out");
  } else if (item.type === undefined || item.type === null || item.type === "message") {
    readMessage(item, place, reading);
  } else if (bareBlocks.has(item.type)) {
    reading.addUser(readContent(item, null, place));
  } else {
    readToolItem(item, place, reading);
  }
}

function readToolItem(item: JsonObject, place: Place, reading: Reading): void {
  const type = String(item.type);
  if (type === "reasoning" || type === "compaction") readReasoning(item, place, reading);
  else if (type.endsWith("_output")) reading.addTool(outputOf(item, place));
  else if (type.endsWith("_call")) readModelCall(item, place, reading);
  else if (!silentItems.has(type)) place.notes.add(place.path, "an item of an unknown type: left out");
}

function readModelCall(item: JsonObject, place: Place, reading: Reading): void {
  readCall(item, place, reading);
  reading.modelSpoke();
  // A call that the provider ran itself carries its own answer.
  const output = item.output ?? item.results ?? null;
  if (output !== null) reading.addTool(outputOf({ ...item, output }, place));
}

/** What a tool answered. */
function outputOf(item: JsonObject, place: Place): Content {
  const output = Array.isArray(item.output) ? item.output.flatMap(printedOr) : item.output;
  return readContent(output, item.chars, { ...place, path: `${place.path}.output` });
}

/** The texts of a shell's output, any other part as it is. */
function printedOr(part: unknown): unknown[] {
  const texts = isObject(part) ? printedTexts(part) : [];
  return texts.length > 0 ? texts : [part];
}
