import type { z } from "zod";
import {
  API_VERSION,
  callerSchema,
  envelopeSchema,
  factsSchema,
  NEWER_VERSION,
  NO_BODY,
} from "./envelope-schema.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { ReadNote } from "./route-request.ts";

type Fields = z.output<typeof envelopeSchema>;

/** A parsed envelope, with what was left unread of it. */
export type Envelope = Fields & {
  /** Known fields that had a wrong type and count as left out. */
  readonly ignored: readonly ReadNote[];
};

/** What became of an envelope: only a missing body and a newer version are refused. */
export type EnvelopeResult =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly message: string };

/**
 * Reads the JSON body of POST /v1/route, exactly as `envelopeSchema` does and ten times as fast: every request
 * of a client waits for this. Total: never throws.
 */
export function parseEnvelope(raw: unknown): EnvelopeResult {
  if (!isObject(raw)) {
    return refused("Cannot read the request: found no JSON object, expected an envelope with a body");
  }
  const outer = new Reader(raw, "");
  const apiVersion = outer.number("api_version");
  const isNewer = apiVersion !== null && apiVersion > API_VERSION;
  if (!isObject(raw.body)) return refused(isNewer ? `${NEWER_VERSION}; ${NO_BODY}` : NO_BODY);
  if (isNewer) return refused(NEWER_VERSION);
  return { ok: true, envelope: readFields(outer, { apiVersion, body: raw.body }) };
}

function refused(message: string): EnvelopeResult {
  return { ok: false, message };
}

function readFields(
  outer: Reader,
  { apiVersion, body }: { readonly apiVersion: number | null; readonly body: JsonObject },
): Envelope {
  // Notes come in the order of the fields, those of facts and caller after all others.
  const inner: ReadNote[] = [];
  const fields: Fields = {
    api_version: apiVersion,
    call_type: outer.text("call_type"),
    litellm_call_id: outer.text("litellm_call_id"),
    body: withoutPrototypeKey(body),
    facts: readFacts(outer.object("facts"), inner),
    known: outer.flag("known"),
    caller: readCaller(outer.object("caller"), inner),
    session_id: outer.text("session_id"),
    tags: outer.list("tags"),
    headers: outer.record("headers"),
    catalog_revision: outer.text("catalog_revision"),
    deadline_ms: outer.count("deadline_ms"),
  };
  return { ...fields, ignored: inner.length === 0 ? outer.ignored : [...outer.ignored, ...inner] };
}

function readFacts(raw: JsonObject | null, ignored: ReadNote[]): Fields["facts"] {
  if (raw === null) return null;
  const reader = new Reader(raw, "facts.", ignored);
  return {
    chars: reader.count("chars"),
    utf8_bytes: reader.count("utf8_bytes"),
    human_turns: reader.count("human_turns"),
    messages: reader.count("messages"),
    asks: reader.sizes("asks"),
    images: reader.count("images"),
    file_chars: reader.count("file_chars"),
    tool_names: reader.texts("tool_names"),
    tool_schema_chars: reader.count("tool_schema_chars"),
    tool_text: reader.text("tool_text"),
    signed_thinking_by: reader.text("signed_thinking_by"),
    previous_response_by: reader.text("previous_response_by"),
    previous_response_model: reader.text("previous_response_model"),
    conversation_hash: reader.text("conversation_hash"),
    harness_text: reader.text("harness_text"),
  };
}

function readCaller(raw: JsonObject | null, ignored: ReadNote[]): Fields["caller"] {
  if (raw === null) return null;
  const reader = new Reader(raw, "caller.", ignored);
  return {
    key_hash: reader.text("key_hash"),
    key_alias: reader.text("key_alias"),
    team_id: reader.text("team_id"),
    user_id: reader.text("user_id"),
    end_user_id: reader.text("end_user_id"),
    budget_used_ratio: reader.share("budget_used_ratio"),
  };
}

/** Reads fields of an object leniently: null for one that is left out, and for one of another type, with a note. */
class Reader {
  readonly ignored: ReadNote[];
  readonly #raw: JsonObject;
  readonly #prefix: string;

  constructor(raw: JsonObject, prefix: string, ignored: ReadNote[] = []) {
    this.#raw = raw;
    this.#prefix = prefix;
    this.ignored = ignored;
  }

  text(key: string): string | null {
    const value = this.#raw[key];
    return typeof value === "string" ? value : this.#leftOut(key, value);
  }

  flag(key: string): boolean | null {
    const value = this.#raw[key];
    return typeof value === "boolean" ? value : this.#leftOut(key, value);
  }

  number(key: string): number | null {
    const value = this.#raw[key];
    return isNumber(value) ? value : this.#leftOut(key, value);
  }

  /** A number from 0 up. */
  share(key: string): number | null {
    const value = this.#raw[key];
    return isNumber(value) && value >= 0 ? value : this.#leftOut(key, value);
  }

  /** A whole number from 0 up. */
  count(key: string): number | null {
    const value = this.#raw[key];
    return isCount(value) ? value : this.#leftOut(key, value);
  }

  list(key: string): unknown[] | null {
    const value = this.#raw[key];
    return Array.isArray(value) ? value : this.#leftOut(key, value);
  }

  texts(key: string): string[] | null {
    const value = this.#raw[key];
    return Array.isArray(value) && value.every(isText) ? value : this.#leftOut(key, value);
  }

  /** A list of at least three whole numbers from 0 up each. */
  sizes(key: string): [number, number, number, ...number[]][] | null {
    const value = this.#raw[key];
    return Array.isArray(value) && value.every(areSizes) ? value : this.#leftOut(key, value);
  }

  object(key: string): JsonObject | null {
    const value = this.#raw[key];
    return isObject(value) ? value : this.#leftOut(key, value);
  }

  record(key: string): Record<string, unknown> | null {
    const value = this.object(key);
    return value && withoutPrototypeKey(value);
  }

  #leftOut(key: string, value: unknown): null {
    if (value === undefined || value === null) return null;
    this.ignored.push({ path: this.#prefix + key, note: "has another type than expected: ignored" });
    return null;
  }
}

/** JSON has numbers that are too large for one: they are read as infinite. */
function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isSafeInteger(value) && value >= 0;
}

function areSizes(value: unknown): value is [number, number, number, ...number[]] {
  return Array.isArray(value) && value.length >= 3 && value.every(isCount);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A key of that name would set the prototype of the next object that it is copied to. */
function withoutPrototypeKey(object: JsonObject): Record<string, unknown> {
  if (!Object.hasOwn(object, "__proto__")) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== "__proto__"));
}

const ENVELOPE_KEYS: ReadonlySet<string> = new Set(Object.keys(envelopeSchema.shape));
const FACTS_KEYS: ReadonlySet<string> = new Set(Object.keys(factsSchema.shape));
const CALLER_KEYS: ReadonlySet<string> = new Set(Object.keys(callerSchema.shape));

/** Keys of an envelope that this version does not know, dotted for those of `facts` and `caller`. */
export function unknownEnvelopeKeys(raw: unknown): string[] {
  const unknown: string[] = [];
  if (!isObject(raw)) return unknown;
  addUnknown(unknown, raw, { known: ENVELOPE_KEYS, prefix: "" });
  addUnknown(unknown, raw.facts, { known: FACTS_KEYS, prefix: "facts." });
  addUnknown(unknown, raw.caller, { known: CALLER_KEYS, prefix: "caller." });
  return unknown;
}

function addUnknown(
  unknown: string[],
  raw: unknown,
  { known, prefix }: { readonly known: ReadonlySet<string>; readonly prefix: string },
): void {
  if (!isObject(raw)) return;
  for (const key of Object.keys(raw)) if (!known.has(key)) unknown.push(prefix + key);
}
