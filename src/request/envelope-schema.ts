import { z } from "zod";

/** Newest form of the envelope that this program reads. */
export const API_VERSION = 1;

/** Why an envelope is refused. */
export const NEWER_VERSION = `Cannot read the request: found a newer api_version, expected at most ${API_VERSION}`;
export const NO_BODY =
  "Cannot read the request: found no JSON object under body, expected the client's request there";

/** A field that may be left out; one of another type counts as left out. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.nullable().default(null).catch(null);

const text = lenient(z.string());
const size = z.int().min(0);
const count = lenient(size);

/** The field `facts`. */
export const factsSchema = z.object({
  chars: count.describe("UTF-16 code units of all text of the body; a token id of a prompt counts as 4"),
  utf8_bytes: count.describe("UTF-8 bytes of all text of the body; a token id of a prompt counts as 4"),
  human_turns: count.describe("Turns that a human wrote"),
  messages: count,
  asks: lenient(z.array(z.tuple([size, size, size], size))).describe(
    "Of the newest human turns, oldest first: chars, utf8_bytes, messages, images and file_chars up to and including the turn",
  ),
  images: count,
  file_chars: count.describe("Characters of the files that the body holds in base64, PDFs above all"),
  tool_names: lenient(z.array(z.string())),
  tool_schema_chars: count.describe("Characters of the tools' JSON"),
  tool_text: text.describe("Beginning of the tools' JSON: 8,000 characters of it are read"),
  signed_thinking_by: text.describe(
    "Vendor whose models alone can read signed thinking in the history: anthropic, openai, gemini",
  ),
  previous_response_by: text.describe("Response id that the request goes on from"),
  previous_response_model: text.describe(
    "Model that wrote this response, by the name that LiteLLM serves it under",
  ),
  conversation_hash: text,
  harness_text: text.describe(
    "What the client's program wrote into the newest human turn and before the model answered it, its end",
  ),
});

/** The field `caller`. */
export const callerSchema = z.object({
  key_hash: text,
  key_alias: text,
  team_id: text,
  user_id: text,
  end_user_id: text,
  budget_used_ratio: lenient(z.number().min(0)).describe("Spent share of the key's budget"),
});

/** The body of POST /v1/route, for its documentation; envelope.ts reads the same faster. Unknown fields are ignored, known ones of a wrong type count as left out. */
export const envelopeSchema = z.object({
  api_version: lenient(z.number()).refine((version) => version === null || version <= API_VERSION, {
    error: NEWER_VERSION,
  }),
  call_type: text.describe("LiteLLM's call type, acompletion for one"),
  litellm_call_id: text,
  body: z
    .record(z.string(), z.unknown(), { error: NO_BODY })
    .describe("The client's own request: OpenAI chat or text completion, Anthropic messages, or Responses"),
  facts: lenient(factsSchema).describe("Figures over the whole body, where body is an extract"),
  known: lenient(z.boolean()).describe("LiteLLM's router recognises the model name as it is"),
  caller: lenient(callerSchema).describe("Who asks, as LiteLLM authenticated them"),
  session_id: text,
  tags: lenient(z.array(z.unknown())),
  headers: lenient(z.record(z.string(), z.unknown())),
  catalog_revision: text,
  deadline_ms: count.describe(
    "How long the asker waits for the answer, in milliseconds; 250 where it is left out",
  ),
});
