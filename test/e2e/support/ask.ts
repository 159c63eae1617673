import { inject } from "vitest";

/** The four APIs of LiteLLM whose requests are routed. */
export const apis = ["chat", "completions", "messages", "responses"] as const;

export type Api = (typeof apis)[number];

/** One request of a client to LiteLLM. */
export interface Question {
  readonly api: Api;
  /** null: the request names no model. */
  readonly model: string | null;
  readonly prompt: string;
  readonly stream?: boolean;
  /** Key of the client; the unrestricted one where none is given. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the body; they win over the plain ones. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What the client got. */
export interface Reply {
  readonly status: number;
  /** The whole body as text, of a stream too. */
  readonly text: string;
  /** The `x-signalbox-*` headers without that prefix; null where one is missing. */
  readonly decision: (name: DecisionHeader) => string | null;
  readonly header: (name: string) => string | null;
  /** From sending to the last byte, in milliseconds. */
  readonly tookMs: number;
}

export type DecisionHeader = "decision-id" | "model" | "tier" | "method" | "score" | "reason";

/** The key that may call everything. */
export const openKey = "sk-e2e-all";

/** A client that waits longer than this for an answer fails, in milliseconds. */
const patienceMs = 45_000;

const paths: Readonly<Record<Api, string>> = {
  chat: "/v1/chat/completions",
  completions: "/v1/completions",
  messages: "/v1/messages",
  responses: "/v1/responses",
};

/** How a stream of each API ends when it is whole. */
export const streamEnds: Readonly<Record<Api, string>> = {
  chat: "data: [DONE]",
  completions: "data: [DONE]",
  messages: "message_stop",
  responses: "response.completed",
};

/** Asks the real LiteLLM, as a client does. @throws where no answer comes, never for a status. */
export async function ask(question: Question): Promise<Reply> {
  return post(paths[question.api], bodyOf(question), {
    authorization: `Bearer ${question.key ?? openKey}`,
    ...question.headers,
  });
}

/** POSTs any body to any path of LiteLLM. */
export async function post(
  path: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${openKey}` },
): Promise<Reply> {
  const startedAt = performance.now();
  const response = await fetch(inject("stack").litellmUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    decision: (name) => response.headers.get(`x-signalbox-${name}`),
    header: (name) => response.headers.get(name),
    tookMs: performance.now() - startedAt,
  };
}

function bodyOf({ api, model, prompt, stream, more }: Question): Record<string, unknown> {
  return {
    ...(model === null ? {} : { model }),
    ...contentOf(api, prompt),
    ...(stream === true ? { stream } : {}),
    ...more,
  };
}

function contentOf(api: Api, prompt: string): Record<string, unknown> {
  const messages = [{ role: "user", content: prompt }];
  switch (api) {
    case "chat":
      return { messages };
    case "messages":
      return { max_tokens: 200, messages };
    case "completions":
      return { prompt };
    case "responses":
      return { input: prompt };
    default:
      return api satisfies never;
  }
}
