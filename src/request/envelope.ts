import { z } from "zod";
import { isObject } from "./json.ts";
import type { ReadNote } from "./route-request.ts";

/** Newest form of the envelope that this program reads. */
const API_VERSION = 1;

/** A field that may be left out; one of another type counts as left out. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.nullable().default(null).catch(null);

const text = lenient(z.string());
const count = lenient(z.int().min(0));

const factsSchema = z.object({
  chars: count.describe("UTF-16 code units of all text of the body"),
  utf8_bytes: count.describe("UTF-8 bytes of all text of the body"),
  human_turns: count.describe("Turns that a human wrote"),
  messages: count,
  images: count,
  tool_names: lenient(z.array(z.string())),
  tool_schema_chars: count.describe("Characters of the tools' JSON"),
  signed_thinking_by: text.describe("Model that signed the thinking in the history"),
  previous_response_by: text.describe("Response id that the request goes on from"),
  conversation_hash: text,
});

const callerSchema = z.object({
  key_hash: text,
  key_alias: text,
  team_id: text,
  user_id: text,
  end_user_id: text,
  budget_used_ratio: lenient(z.number().min(0)).describe("Spent share of the key's budget"),
});

/** The body of POST /v1/route. Unknown fields are ignored, known ones of a wrong type count as left out. */
export const envelopeSchema = z.object({
  api_version: lenient(z.number()).refine((version) => version === null || version <= API_VERSION, {
    error: `Cannot read the request: found a newer api_version, expected at most ${API_VERSION}`,
  }),
  call_type: text.describe("LiteLLM's call type, acompletion for one"),
  litellm_call_id: text,
  body: z
    .record(z.string(), z.unknown(), {
      error: "Cannot read the request: found no JSON object under body, expected the client's request there",
    })
    .describe("The client's own request: OpenAI chat or text completion, Anthropic messages, or Responses"),
  facts: lenient(factsSchema).describe("Figures over the whole body, where body is an extract"),
  known: lenient(z.boolean()).describe("LiteLLM's router recognises the model name as it is"),
  caller: lenient(callerSchema).describe("Who asks, as LiteLLM authenticated them"),
  session_id: text,
  tags: lenient(z.array(z.unknown())),
  headers: lenient(z.record(z.string(), z.unknown())),
  catalog_revision: text,
});

/** A parsed envelope, with what was left unread of it. */
export type Envelope = z.output<typeof envelopeSchema> & {
  /** Known fields that had a wrong type and count as left out. */
  readonly ignored: readonly ReadNote[];
};

/** What became of an envelope: only a missing body and a newer version are refused. */
export type EnvelopeResult =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly message: string };

/** Reads the JSON body of POST /v1/route. Total: never throws. */
export function parseEnvelope(raw: unknown): EnvelopeResult {
  if (!isObject(raw)) {
    return {
      ok: false,
      message: "Cannot read the request: found no JSON object, expected an envelope with a body",
    };
  }
  const parsed = envelopeSchema.safeParse(raw);
  if (!parsed.success) {
    return { ok: false, message: parsed.error.issues.map((issue) => issue.message).join("; ") };
  }
  return { ok: true, envelope: { ...parsed.data, ignored: ignoredFields(raw, parsed.data) } };
}

/** Keys of an envelope that this version does not know, dotted for those of `facts` and `caller`. */
export function unknownEnvelopeKeys(raw: unknown): string[] {
  if (!isObject(raw)) return [];
  return [
    ...unknownKeys(raw, envelopeSchema.shape, ""),
    ...unknownKeys(raw.facts, factsSchema.shape, "facts."),
    ...unknownKeys(raw.caller, callerSchema.shape, "caller."),
  ];
}

function unknownKeys(raw: unknown, shape: object, prefix: string): string[] {
  if (!isObject(raw)) return [];
  return Object.keys(raw)
    .filter((key) => !Object.hasOwn(shape, key))
    .map((key) => prefix + key);
}

function ignoredFields(
  raw: Readonly<Record<string, unknown>>,
  parsed: z.output<typeof envelopeSchema>,
): ReadNote[] {
  return [
    ...mistyped(raw, parsed, ""),
    ...(parsed.facts ? mistyped(raw.facts, parsed.facts, "facts.") : []),
    ...(parsed.caller ? mistyped(raw.caller, parsed.caller, "caller.") : []),
  ];
}

/** Fields that hold something in the raw envelope and nothing in the parsed one. */
function mistyped(raw: unknown, parsed: object, prefix: string): ReadNote[] {
  if (!isObject(raw)) return [];
  return Object.entries(parsed)
    .filter(([key, value]) => value === null && raw[key] !== null && raw[key] !== undefined)
    .map(([key]) => ({ path: prefix + key, note: "has another type than expected: ignored" }));
}
