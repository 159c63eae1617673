import { Ollama } from "ollama";
import { z } from "zod";
import { boundedFetch } from "../../fetch/bounded-fetch.ts";
import type { LlmConfig } from "./llm-config.ts";
import { refusal, unreadable } from "./llm-failure.ts";
import type { Prompt } from "./prompt.ts";

/** What a model said. */
interface ModelAnswer {
  readonly text: string;
  /** USD, null where it is not known. */
  readonly costUsd: number | null;
}

/**
 * Asks a model once. Rejects where there is no answer in the signal's time.
 *
 * @throws whatever client and fetch throw, see toLlmFailure()
 */
export type AskModel = (prompt: Prompt, signal: AbortSignal) => Promise<ModelAnswer>;

/** Largest answer that is read, in bytes: a verdict takes some hundred. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Tokens of an answer: a name in JSON, with the white space that small models like to add. */
const MAX_ANSWER_TOKENS = 48;
/** How long Ollama keeps the model in memory after a question. */
const KEEP_ALIVE = "30m";

/** Asks by the API that the configuration names. */
export function createAskModel(config: LlmConfig): AskModel {
  return config.api === "ollama" ? askOllama(config) : askOpenai(config);
}

function answerSchema(names: readonly string[]) {
  return {
    type: "object",
    properties: { tier: { type: "string", enum: [...names] } },
    required: ["tier"],
    additionalProperties: false,
  };
}

const messagesOf = ({ system, user }: Prompt) => [
  { role: "system", content: system },
  { role: "user", content: user },
];

const ollamaSchema = z.object({ message: z.object({ content: z.string() }) });

function askOllama({ apiBase, model }: LlmConfig): AskModel {
  return async (prompt, signal) => {
    // The client's own abort() does nothing for a call that does not stream.
    const ollama = new Ollama({
      host: apiBase,
      fetch: (url, init) => boundedFetch(url, { ...init, signal, maxBytes: MAX_ANSWER_BYTES }),
    });
    const reply = await ollama.chat({
      model,
      messages: messagesOf(prompt),
      format: answerSchema(prompt.names),
      think: false,
      keep_alive: KEEP_ALIVE,
      options: { temperature: 0, num_predict: MAX_ANSWER_TOKENS },
    });
    const parsed = ollamaSchema.safeParse(reply);
    if (!parsed.success) throw unreadable();
    return { text: parsed.data.message.content, costUsd: null };
  };
}

const completionSchema = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string().nullable() }) })], z.unknown()),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

function askOpenai(config: LlmConfig): AskModel {
  const { apiBase, model, apiKey } = config;
  const url = `${apiBase.replace(/\/+$/, "")}/chat/completions`;
  return async (prompt, signal) => {
    const schema = answerSchema(prompt.names);
    const response = await boundedFetch(url, {
      method: "POST",
      signal,
      maxBytes: MAX_ANSWER_BYTES,
      headers: {
        "Content-Type": "application/json",
        ...(apiKey && { Authorization: `Bearer ${apiKey()}` }),
      },
      body: JSON.stringify({
        model,
        messages: messagesOf(prompt),
        temperature: 0,
        max_tokens: MAX_ANSWER_TOKENS,
        response_format: { type: "json_schema", json_schema: { name: "verdict", strict: true, schema } },
      }),
    });
    if (!response.ok) throw refusal(response.status);
    const parsed = completionSchema.safeParse(await response.json());
    if (!parsed.success) throw unreadable();
    const { choices, usage } = parsed.data;
    return { text: choices[0].message.content ?? "", costUsd: costOf(response, usage, config) };
  };
}

type Usage = z.output<typeof completionSchema>["usage"];

/** LiteLLM tells what a call cost; elsewhere the tokens and the configured prices do. */
function costOf(response: Response, usage: Usage, { inputCostPerToken, outputCostPerToken }: LlmConfig) {
  // An empty header tells nothing, and is no cost of 0.
  const told = Number(response.headers.get("x-litellm-response-cost") || Number.NaN);
  if (Number.isFinite(told) && told >= 0) return told;
  if (!usage || inputCostPerToken === null || outputCostPerToken === null) return null;
  return usage.prompt_tokens * inputCostPerToken + usage.completion_tokens * outputCostPerToken;
}
