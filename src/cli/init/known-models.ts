/** How strong a model is, for the tier that it begins in: 0 small, 1 everyday, 2 the strongest. */
export type Rank = 0 | 1 | 2;

export interface Provider {
  /** Variable that holds its key. */
  readonly variable: string;
  /** Models to begin with, cheapest first: name for clients and what LiteLLM calls. */
  readonly models: readonly (readonly [name: string, deployment: string])[];
}

/**
 * What is written for a provider whose key is set. Each model has prices and limits in LiteLLM 1.106.2's own list
 * (model_prices_and_context_window_backup.json), by which picks by cost work.
 */
export const PROVIDERS: readonly Provider[] = [
  {
    variable: "OPENAI_API_KEY",
    models: [
      ["gpt-5-nano", "openai/gpt-5-nano"],
      ["gpt-5-mini", "openai/gpt-5-mini"],
      ["gpt-5.1", "openai/gpt-5.1"],
    ],
  },
  {
    variable: "ANTHROPIC_API_KEY",
    models: [
      ["claude-haiku", "anthropic/claude-haiku-4-5"],
      ["claude-sonnet", "anthropic/claude-sonnet-4-5"],
      ["claude-opus", "anthropic/claude-opus-4-5"],
    ],
  },
  {
    variable: "GEMINI_API_KEY",
    models: [
      ["gemini-flash-lite", "gemini/gemini-2.5-flash-lite"],
      ["gemini-flash", "gemini/gemini-2.5-flash"],
      ["gemini-pro", "gemini/gemini-2.5-pro"],
    ],
  },
  {
    variable: "MISTRAL_API_KEY",
    models: [
      ["mistral-small", "mistral/mistral-small-latest"],
      ["mistral-large", "mistral/mistral-large-latest"],
    ],
  },
];

/** Words in the names that providers give their models, the telling ones first. */
const RANKS: readonly (readonly [RegExp, Rank])[] = [
  [/^ollama|nano|lite\b|haiku|tiny|small|\b[1-9]b\b/i, 0],
  [/\bmini\b|flash|sonnet|medium|turbo|chat\b/i, 1],
  [/opus|pro\b|large|gpt-5|gpt-4|\bo[1-9]\b|grok|reason|\br1\b|ultra/i, 2],
];

/** The rank that a model's own name speaks of: a first guess, for people to look over. */
export function rankOf(deployment: string): Rank {
  return rankIn(deployment) ?? 1;
}

/** The rank that a name speaks of, null where it speaks of none. */
export function rankIn(name: string): Rank | null {
  return RANKS.find(([words]) => words.test(name))?.[1] ?? null;
}

/** What LiteLLM calls the modes of models that answer messages. */
const CHAT_MODES: ReadonlySet<string> = new Set(["chat", "completion", "responses"]);

/**
 * Words in the names of models that answer no messages: they embed, rank, search, hear, speak, draw or judge.
 * Of the models with such a mode in LiteLLM's own list they find nine in ten.
 */
const NO_CHAT =
  /embed|voyage|minilm|\bada\b|\b(bge|gte|e5)-|rerank|whisper|transcri|\b(tts|stt|asr|ocr|live)\b|speech|sonic|realtime|deepgram|elevenlabs|assemblyai|dall-e|image|banana|diffusion|\bflux|stability|\bsora|\bveo|video|canvas|\breel\b|moderation|guard|\/search/i;

/** Whether a model answers messages, by the mode that its entry gives it, else by its name. */
export function chats(deployment: string, mode: string | undefined): boolean {
  return mode === undefined ? !NO_CHAT.test(deployment) : CHAT_MODES.has(mode);
}
