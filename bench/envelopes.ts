import { conversationHash } from "../src/request/conversation-hash.ts";
import { prose } from "./prose.ts";

interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** The newest turn before it is filled up; the callback cuts it to 16,000 characters. */
const NEWEST_CHARS = 12_000;
/** What the callback cuts the system text, an earlier turn and other text to, in characters. */
const SYSTEM_CHARS = 4_000;
const TURN_CHARS = 2_000;
const OTHER_CHARS = 1_000;

/** A chat request with one short system text and one human turn of `chars` characters. */
export function singleTurn(chars: number, seed: number): ChatMessage[] {
  return [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: prose(chars, seed) },
  ];
}

/** A conversation as the callback's extract holds it once it is cut: about 64 KB of it at `turns` = 15. */
export function longConversation(turns: number, seed: number): ChatMessage[] {
  const earlier = Array.from({ length: turns }, (_, turn): ChatMessage[] => [
    { role: "user", content: prose(TURN_CHARS, seed + 2 * turn + 1) },
    { role: "assistant", content: prose(OTHER_CHARS, seed + 2 * turn + 2) },
  ]);
  return [
    { role: "system", content: prose(SYSTEM_CHARS, seed) },
    ...earlier.flat(),
    { role: "user", content: prose(NEWEST_CHARS, seed + 1_000) },
  ];
}

/** The body of POST /v1/route as the callback writes it for these messages. */
export function envelopeOf(messages: readonly ChatMessage[], seed: number) {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  const turns = messages.filter(({ role }) => role === "user");
  return {
    api_version: 1,
    call_type: "acompletion",
    litellm_call_id: `0193a0b4-6d55-4c11-9f3e-${seed.toString(16).padStart(12, "0")}`,
    body: { model: "auto", messages, max_tokens: 500 },
    facts: {
      chars,
      utf8_bytes: chars,
      human_turns: turns.length,
      messages: messages.length,
      images: 0,
      tool_names: [],
      tool_schema_chars: 0,
      signed_thinking_by: null,
      previous_response_by: null,
      conversation_hash: conversationHash(turns[0]?.content ?? null),
    },
    known: true,
    caller: {
      key_hash: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
      key_alias: "bench",
      team_id: "team-1",
      user_id: "user-1",
      end_user_id: null,
      budget_used_ratio: null,
    },
    session_id: null,
    tags: ["bench"],
    headers: {},
    catalog_revision: CATALOG.revision,
  };
}

/** Envelopes of exactly `bytes` bytes of JSON: one turn where that is small, a long conversation where it is not. */
export function envelopesOfSize(bytes: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => envelopeOfSize(bytes, 1 + at * 10_000));
}

function envelopeOfSize(bytes: number, seed: number): string {
  const messages = bytes > NEWEST_CHARS ? longConversation(turnsThatFit(bytes), seed) : singleTurn(1, seed);
  const missing = bytes - JSON.stringify(envelopeOf(messages, seed)).length;
  return JSON.stringify(envelopeOf(lengthened(messages, missing, seed), seed)).padEnd(bytes);
}

/** Turns of a conversation that stays below `bytes`: what its fixed parts leave, divided by what a turn takes. */
function turnsThatFit(bytes: number): number {
  const turnBytes = TURN_CHARS + OTHER_CHARS + 80;
  return Math.floor((bytes - NEWEST_CHARS - SYSTEM_CHARS - 1_500) / turnBytes);
}

/** The newest turn takes what is missing; its length also stands in `facts`, whose digits may grow by some bytes. */
function lengthened(messages: readonly ChatMessage[], missing: number, seed: number): ChatMessage[] {
  const spare = 16;
  return messages.map((message, at) => {
    if (at < messages.length - 1) return message;
    return { ...message, content: prose(message.content.length + missing - spare, seed + 1_000) };
  });
}

/** A catalogue as the callback sends it, with the models of fixtures/gateway.yaml. */
export const CATALOG = {
  revision: "bench",
  models: ["local-small", "gpt-5-mini", "claude-opus", "auto"].map((name, rank) => ({
    name,
    deployment: `openai/${name}`,
    input_cost_per_token: 1e-7 * 10 ** rank,
    output_cost_per_token: 4e-7 * 10 ** rank,
    max_input_tokens: 200_000,
    max_output_tokens: 32_000,
    supports_vision: rank > 0,
    supports_function_calling: true,
    supports_response_schema: true,
    supports_reasoning: rank > 0,
  })),
  wildcards: ["claude-*"],
  litellm_version: null,
  self_test: null,
};
