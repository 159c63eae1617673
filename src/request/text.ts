import { type Asked, firstField } from "./asked.ts";
import type { Place, TextPart } from "./content.ts";
import { readContent } from "./content.ts";
import type { JsonObject } from "./json.ts";
import { entriesOf, type Reading } from "./reading.ts";

/** Characters that a token id counts as in the figures: about what a token stands for in a text. */
const CHARS_PER_TOKEN_ID = 4;

/** Reads a text completion: `prompt` is a string, a list of strings, or tokens, which nobody can read here. */
export function readTextCompletion(body: JsonObject, reading: Reading): Asked {
  const place = { path: "prompt", notes: reading.notes };
  reading.begun = 1;
  if (Array.isArray(body.prompt)) readPrompts(body.prompt, place, reading);
  else reading.addUser(readContent(body.prompt, body.chars, place));
  reading.messages = 1;
  return {
    maxOutput: firstField(body, ["max_tokens"]),
    structuredOutput: false,
    toolLists: [],
  };
}

function readPrompts(prompts: readonly unknown[], place: Place, reading: Reading): void {
  const first = prompts[0];
  if (typeof first === "number" || Array.isArray(first)) {
    reading.addUnread(prompts.flat().filter(Number.isInteger).length * CHARS_PER_TOKEN_ID);
    place.notes.add(place.path, "token ids: counted, not read");
    return;
  }
  const texts: TextPart[] = [];
  for (const { entry, place: inside } of entriesOf(prompts, place)) {
    texts.push(...readContent(entry, null, inside).texts);
  }
  reading.addUser({ texts, quoted: [], images: 0, fileChars: 0, hasToolResult: false, signedBy: null });
}
