/**
 * A recording fake of the providers' HTTP APIs: the only fake of these tests, at the edge of the network.
 * Whatever LiteLLM sends to "OpenAI" or "Anthropic" arrives here, so the model that was really called is seen on
 * the wire. Every answer names that model.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { close, listen } from "./listen.ts";
import { type Answer, type Body, FAIL_ONCE, type ServerEvent, SLOWLY } from "./provider-answer.ts";
import { countTokens, messages } from "./provider-anthropic.ts";
import { chatCompletions, embeddings, textCompletions } from "./provider-openai.ts";
import { responses } from "./provider-responses.ts";

/** One call that a provider received. */
export const providerCall = z.object({
  path: z.string(),
  model: z.string().nullable(),
  headers: z.record(z.string(), z.unknown()),
  body: z.record(z.string(), z.unknown()),
});

export type ProviderCall = Readonly<z.infer<typeof providerCall>>;

/** What LiteLLM's own logger posted to `/logged`. */
export const loggedPost = z.object({ entries: z.array(z.unknown()) });

export type LoggedPost = Readonly<z.infer<typeof loggedPost>>;

export interface Provider {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A model whose name starts so fails every time, with status 500. */
const failingModel = /^fail-500/;

/** Calls that are remembered; older ones are forgotten, the 100k-token prompts among them. */
const keptCalls = 5_000;

/** Pause before a slow answer, and before each event of a slow stream, in milliseconds. */
const slowPauseMs = 250;

const secretHeaders: ReadonlySet<string> = new Set(["authorization", "x-api-key", "api-key", "cookie"]);

const answers: ReadonlyMap<string, Answer> = new Map([
  ["/v1/chat/completions", chatCompletions],
  ["/v1/completions", textCompletions],
  ["/v1/responses", responses],
  ["/v1/messages", messages],
]);

const plainAnswers: ReadonlyMap<string, (model: string) => unknown> = new Map([
  ["/v1/embeddings", embeddings],
  ["/v1/messages/count_tokens", countTokens],
]);

/**
 * Starts the fake on a free loopback port. `GET /__calls?marker=text` lists the calls whose body holds the text,
 * oldest first; `DELETE /__calls` forgets all. `POST /logged` takes what a logger of LiteLLM sends, `GET /__logged`
 * lists it.
 */
export async function startProvider(): Promise<Provider> {
  const memory: Memory = { calls: [], logged: [], failedOnce: new Set() };
  const server = createServer((request, response) => {
    serve(request, response, memory).catch((error: unknown) =>
      sendJson(response, 500, { error: String(error) }),
    );
  });
  // A provider that closes an idle connection just as LiteLLM takes it would fail a request.
  server.keepAliveTimeout = 0;
  const port = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

interface Memory {
  readonly calls: ProviderCall[];
  readonly logged: LoggedPost[];
  /** Markers of prompts that were failed once. */
  readonly failedOnce: Set<string>;
}

async function serve(request: IncomingMessage, response: ServerResponse, memory: Memory): Promise<void> {
  const { calls, logged } = memory;
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (url.pathname === "/__calls") return serveCalls(request, response, { calls, url });
  if (url.pathname === "/__logged") return sendJson(response, 200, logged);
  if (url.pathname === "/logged") {
    const entries = z.array(z.unknown()).parse(await json(request));
    logged.push({ entries });
    return sendJson(response, 200, {});
  }
  const body = z.record(z.string(), z.unknown()).parse(await json(request));
  const model = typeof body.model === "string" ? body.model : null;
  calls.push({ path: url.pathname, model, headers: withoutSecrets(request.headers), body });
  if (calls.length > keptCalls) calls.shift();
  if (isToFailNow(body, memory)) {
    const { status, content } = failure(500, "fails once");
    return sendJson(response, status, content);
  }
  await answer(response, url.pathname, body);
}

function serveCalls(
  request: IncomingMessage,
  response: ServerResponse,
  { calls, url }: { readonly calls: ProviderCall[]; readonly url: URL },
): void {
  if (request.method === "DELETE") calls.length = 0;
  const marker = url.searchParams.get("marker") ?? "";
  sendJson(
    response,
    200,
    calls.filter((call) => JSON.stringify(call.body).includes(marker)),
  );
}

function isToFailNow(body: Body, { failedOnce }: Memory): boolean {
  const text = JSON.stringify(body);
  const marker = /ref-[0-9a-f-]{36}/.exec(text)?.[0];
  if (!text.includes(FAIL_ONCE) || marker === undefined || failedOnce.has(marker)) return false;
  failedOnce.add(marker);
  return true;
}

async function answer(response: ServerResponse, path: string, body: Body): Promise<void> {
  const model = typeof body.model === "string" ? body.model : "";
  const api = answers.get(path);
  const pauseMs = JSON.stringify(body).includes(SLOWLY) ? slowPauseMs : 0;
  if (api !== undefined && body.stream === true && !failingModel.test(model)) {
    await sendEvents(response, api.stream(model, body), pauseMs);
    return;
  }
  const { status, content } = plainAnswer(path, model, body);
  if (pauseMs > 0) await delay(pauseMs);
  sendJson(response, status, content);
}

function plainAnswer(path: string, model: string, body: Body): { status: number; content: unknown } {
  if (failingModel.test(model)) return failure(500, `${model} always fails`);
  const plain = plainAnswers.get(path) ?? answers.get(path)?.plain;
  if (plain === undefined) return failure(404, `no such path: ${path}`);
  return { status: 200, content: plain(model, body) };
}

function failure(status: number, message: string): { status: number; content: unknown } {
  return { status, content: { error: { type: "server_error", message } } };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function sendEvents(
  response: ServerResponse,
  events: readonly ServerEvent[],
  pauseMs: number,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const { event, data } of events) {
    if (pauseMs > 0) await delay(pauseMs);
    if (event !== null) response.write(`event: ${event}\n`);
    response.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}

function withoutSecrets(headers: IncomingHttpHeaders): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name)));
}
