import { cleanText } from "./clean-text.ts";
import { type Content, type Place, readContent } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import { jsonStrings } from "./json-size.ts";
import type { Reading } from "./reading.ts";

type Voice = "system" | "user" | "model" | "tool";

/** Whose words a role's content is. Roles of all wire formats; an unknown one is read as the user's. */
const roles: ReadonlyMap<unknown, Voice> = new Map<unknown, Voice>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "model"],
  ["model", "model"],
  ["tool", "tool"],
  ["function", "tool"],
]);

interface Message {
  readonly entry: JsonObject;
  readonly content: Content;
  readonly place: Place;
}

/** Reads one message with a role: of a chat, of Anthropic messages, of a Responses input. */
export function readMessage(entry: unknown, place: Place, reading: Reading): void {
  if (!isObject(entry)) {
    place.notes.add(place.path, "no message: left out");
    return;
  }
  const voice = roles.get(entry.role);
  if (voice === undefined) place.notes.add(`${place.path}.role`, "an unknown role: read as the user's");
  const content = readContent(entry.content, entry.chars, { ...place, path: `${place.path}.content` });
  add(voice ?? "user", { entry, content, place }, reading);
}

function add(voice: Voice, message: Message, reading: Reading): void {
  switch (voice) {
    case "system":
      reading.addSystem(message.content);
      break;
    case "model":
      addModelMessage(message, reading);
      break;
    case "tool":
      reading.addTool(message.content);
      break;
    case "user":
      reading.addUser(message.content);
      break;
    default:
      voice satisfies never;
  }
}

function addModelMessage({ entry, content, place }: Message, reading: Reading): void {
  reading.addModel(content);
  if (entry.thinking_blocks !== undefined) {
    reading.addModel(
      readContent(entry.thinking_blocks, null, { ...place, path: `${place.path}.thinking_blocks` }),
    );
  }
  // LiteLLM's own field: what a model of the Responses API reasoned, in a chat.
  const reasoned = Array.isArray(entry.reasoning_items) ? entry.reasoning_items : [];
  for (const [i, item] of reasoned.entries()) {
    if (isObject(item)) readReasoning(item, at(place, `.reasoning_items[${i}]`), reading);
  }
  const calls = Array.isArray(entry.tool_calls) ? entry.tool_calls : [];
  for (const [i, call] of calls.entries()) readToolCall(call, at(place, `.tool_calls[${i}]`), reading);
  if (isObject(entry.function_call)) readCall(entry.function_call, at(place, ".function_call"), reading);
}

function readToolCall(call: unknown, place: Place, reading: Reading): void {
  if (!isObject(call)) {
    place.notes.add(place.path, "no tool call: left out");
    return;
  }
  if (isObject(call.function)) readCall(call.function, place, reading);
  if (isObject(call.custom)) readCall(call.custom, place, reading);
  reading.addSigner(call);
}

/** Reads a call that the model made: its name and what it hands to its tool, as a text or as an object. */
export function readCall(call: JsonObject, place: Place, reading: Reading): void {
  const input = call.arguments ?? call.input ?? call.action ?? call.operation ?? call.code;
  const written = typeof input === "string" ? input : jsonStrings(input);
  const name = typeof call.name === "string" ? `${call.name}\n` : "";
  reading.addModelText(cleanText(name + written, place.path, place.notes));
  reading.addSigner(call);
}

/** Reads what a model reasoned: a summary for people, and what its vendor alone can read. */
export function readReasoning(item: JsonObject, place: Place, reading: Reading): void {
  reading.addModel(readContent(item.summary, null, at(place, ".summary")));
  reading.addSigner(item);
}

function at(place: Place, suffix: string): Place {
  return { ...place, path: place.path + suffix };
}
