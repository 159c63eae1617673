import type { Asked } from "./asked.ts";
import { readChat } from "./chat.ts";
import { cleanText, shortText } from "./clean-text.ts";
import { conversationHash } from "./conversation-hash.ts";
import type { Envelope } from "./envelope.ts";
import { humanTurns, type Turns } from "./human-turns.ts";
import type { JsonObject } from "./json.ts";
import { kindOf } from "./json.ts";
import { jsonChars, jsonStart } from "./json-size.ts";
import { readAnthropic } from "./messages.ts";
import type { Notes } from "./notes.ts";
import { Reading } from "./reading.ts";
import { readResponses } from "./responses.ts";
import type { AskSize, Caller, Facts, RouteRequest, WireShape } from "./route-request.ts";
import { readTextCompletion } from "./text.ts";
import { toolNames } from "./tools.ts";
import { wireShape } from "./wire-shape.ts";

/** Longest model name, id or tag kept, in UTF-16 code units. */
const MAX_NAME = 256;
const MAX_TAGS = 64;
const MAX_ASKS = 64;
/** End of what the client's program wrote that is kept, in UTF-16 code units. */
const MAX_HARNESS = 4_000;
/** Beginning of the tools' JSON that is read, in UTF-16 code units. */
const MAX_TOOL_TEXT = 8_000;
const MAX_HEADERS = 64;
/** Longest header value kept, in UTF-16 code units. */
const MAX_HEADER_VALUE = 1_024;

/** The name that stands for "you choose". */
const DEFAULT_MODEL = "auto";

type GivenAsk = readonly [number, number, number, ...(readonly number[])];

/**
 * Reads a request of any of the four wire formats. Total: never throws on any JSON value under `body`; what cannot
 * be read is left out and noted. Work is linear in the body's size.
 */
export function readRequest(envelope: Envelope): RouteRequest {
  const { body } = envelope;
  const reading = new Reading();
  const { notes } = reading;
  for (const { path, note } of envelope.ignored) notes.add(path, note);
  const requestedModel = modelOf(body, notes);
  const wire = wireShape(envelope.call_type, body);
  const asked = readBody(wire, body, reading);
  const said = humanTurns(reading.said, envelope.facts?.human_turns ?? null);
  return {
    requestedModel,
    wire,
    callType: short(envelope.call_type, "call_type", notes),
    callId: short(envelope.litellm_call_id, "litellm_call_id", notes),
    known: envelope.known ?? false,
    systemText: reading.systemTexts.join("\n"),
    harnessText: harnessText(envelope.facts, { reading, said }),
    turns: said.turns,
    otherTexts: reading.otherTexts,
    endsInToolResult: reading.lastSpeaker === "tool",
    maxOutputTokens: maxOutputTokens(asked.maxOutput, notes),
    structuredOutput: asked.structuredOutput,
    facts: factsOf(envelope.facts, { asked, reading, said }),
    caller: callerOf(envelope.caller, notes),
    sessionId: short(envelope.session_id, "session_id", notes),
    tags: tagsOf(envelope.tags ?? [], notes),
    headers: headersOf(envelope.headers ?? {}, notes),
    notes: notes.list(),
  };
}

function readBody(wire: WireShape, body: JsonObject, reading: Reading): Asked {
  switch (wire) {
    case "chat":
      return readChat(body, reading);
    case "text":
      return readTextCompletion(body, reading);
    case "messages":
      return readAnthropic(body, reading);
    case "responses":
      return readResponses(body, reading);
    default:
      return wire satisfies never;
  }
}

function modelOf({ model }: JsonObject, notes: Notes): string {
  if (model === undefined || model === null) return DEFAULT_MODEL;
  if (typeof model === "string" && model !== "") return shortText(model, MAX_NAME, { path: "model", notes });
  const found = model === "" ? "an empty string" : `a ${kindOf(model)}`;
  notes.add("model", `${found} where a name belongs: read as ${DEFAULT_MODEL}`);
  return DEFAULT_MODEL;
}

function maxOutputTokens({ path, value }: Asked["maxOutput"], notes: Notes): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isFinite(value) && value >= 1) return Math.floor(value);
  notes.add(path, "no number above 0: left out");
  return null;
}

/** What was read of a body. */
interface Read {
  readonly reading: Reading;
  readonly said: Turns;
}

/** The callback takes these blocks out of the turns that it sends. */
function harnessText(
  given: Envelope["facts"],
  { reading: { harnessBlocks, notes }, said: { modeTag } }: Read,
): string {
  const blocks = given?.harness_text ?? harnessBlocks.join("\n");
  const text = [blocks, modeTag].filter((part) => part !== "").join("\n");
  return cleanText(text, "facts.harness_text", notes).slice(-MAX_HARNESS).toWellFormed();
}

/** The callback's figures win, one by one: it saw the whole body. */
function factsOf(given: Envelope["facts"], { asked, ...read }: Read & { readonly asked: Asked }): Facts {
  const { reading } = read;
  return { ...sizes(given, read), ...toolFacts(given, asked, reading.notes), ...history(given, read) };
}

function sizes(given: Envelope["facts"], { reading, said }: Read) {
  const whole = {
    chars: given?.chars ?? reading.chars,
    utf8Bytes: given?.utf8_bytes ?? reading.utf8Bytes,
    messages: given?.messages ?? reading.messages,
    images: given?.images ?? reading.images,
    fileChars: given?.file_chars ?? reading.fileChars,
  };
  const asks = given?.asks?.map((ask) => toAskSize(ask, whole)) ?? asksOf(given, whole, said);
  return {
    ...whole,
    humanTurns: given?.human_turns ?? said.asks.length,
    asks: asks.slice(-MAX_ASKS),
  };
}

/** Figures of a whole body say nothing of a part of it: where they come alone, the newest ask is all of it. */
function asksOf(given: Envelope["facts"], whole: AskSize, { asks }: Turns): readonly AskSize[] {
  const isWhole = given === null || given.chars === null;
  return isWhole || asks.length === 0 ? asks : [...asks.slice(0, -1), whole];
}

/** @param whole body: an older callback does not say how many images and files there were at the turn. */
function toAskSize([chars, utf8Bytes, messages, images, fileChars]: GivenAsk, whole: AskSize): AskSize {
  return {
    chars,
    utf8Bytes,
    messages,
    images: images ?? whole.images,
    fileChars: fileChars ?? whole.fileChars,
  };
}

function toolFacts(given: Envelope["facts"], { toolLists }: Asked, notes: Notes) {
  return {
    toolNames: given?.tool_names
      ? toolNamesOf(given.tool_names, notes)
      : toolLists.flatMap(({ path, list }) => toolNames(list, path, notes)),
    toolSchemaChars: given?.tool_schema_chars ?? schemaChars(toolLists),
    toolText: (given?.tool_text ?? schemaText(toolLists)).slice(0, MAX_TOOL_TEXT),
  };
}

function history(given: Envelope["facts"], { reading, said }: Read) {
  return {
    signedThinkingBy: given?.signed_thinking_by ?? reading.signedThinkingBy,
    previousResponseBy: given?.previous_response_by ?? reading.previousResponse,
    previousResponseModel: given?.previous_response_model ?? null,
    conversationHash:
      given?.conversation_hash ?? (said.asks.length === 0 ? null : conversationHash(reading.firstTurn)),
  };
}

function toolNamesOf(names: readonly string[], notes: Notes): string[] {
  return toolNames(
    names.map((name) => ({ name })),
    "facts.tool_names",
    notes,
  );
}

function schemaChars(lists: Asked["toolLists"]): number {
  return lists.reduce((sum, { list }) => sum + (Array.isArray(list) ? jsonChars(list) : 0), 0);
}

function schemaText(lists: Asked["toolLists"]): string {
  return lists.map(({ list }) => (Array.isArray(list) ? jsonStart(list, MAX_TOOL_TEXT) : "")).join("");
}

function callerOf(given: Envelope["caller"], notes: Notes): Caller {
  const field = (value: string | null | undefined, name: string) =>
    short(value ?? null, `caller.${name}`, notes);
  return {
    keyHash: field(given?.key_hash, "key_hash"),
    keyAlias: field(given?.key_alias, "key_alias"),
    teamId: field(given?.team_id, "team_id"),
    userId: field(given?.user_id, "user_id"),
    endUserId: field(given?.end_user_id, "end_user_id"),
    budgetUsedRatio: given?.budget_used_ratio ?? null,
  };
}

function tagsOf(tags: readonly unknown[], notes: Notes): string[] {
  if (tags.length > MAX_TAGS) notes.add("tags", `more than ${MAX_TAGS}: the rest left out`);
  return tags.slice(0, MAX_TAGS).flatMap((tag, i) => {
    if (typeof tag === "string") return [shortText(tag, MAX_NAME, { path: `tags[${i}]`, notes })];
    notes.add(`tags[${i}]`, `a ${kindOf(tag)} where text belongs: left out`);
    return [];
  });
}

function headersOf(headers: JsonObject, notes: Notes): Record<string, string> {
  const all = Object.entries(headers);
  if (all.length > MAX_HEADERS) notes.add("headers", `more than ${MAX_HEADERS}: the rest left out`);
  const kept = all.slice(0, MAX_HEADERS).flatMap(([name, value]) => {
    if (typeof value === "string") {
      return [[name.toLowerCase(), shortText(value, MAX_HEADER_VALUE, { path: "headers", notes })] as const];
    }
    notes.add("headers", `a ${kindOf(value)} where text belongs: left out`);
    return [];
  });
  return Object.fromEntries(kept);
}

function short(text: string | null, path: string, notes: Notes): string | null {
  return text === null ? null : shortText(text, MAX_NAME, { path, notes });
}
