import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { ApiOptions } from "./api-options.ts";
import { type Answer, bodyLimit, type Endpoint } from "./endpoint.ts";
import { malformedJson } from "./http-error.ts";
import { sendAnswer, sendError } from "./send.ts";
import { createStamp, type Stamp } from "./stamp.ts";

export interface HotPathOptions extends ApiOptions {
  /** Serves every other call. */
  readonly rest: RequestListener;
}

/**
 * Serves calls of the hot endpoints with node:http alone: JSON in UTF-8, not encoded, of a length that is told and
 * allowed. Whatever is unusual about a call, most mistakes too, goes on to `rest`, so both answer the same.
 */
export function createHotPath({ endpoints, checkAccess, logger, rest }: HotPathOptions): RequestListener {
  const hot = new Map(endpoints.flatMap(hotCall));
  return (request, response) => {
    const endpoint = request.method === "POST" ? hot.get(request.url ?? "") : undefined;
    if (endpoint === undefined || !isPlainJson(request, endpoint.limit)) {
      rest(request, response);
      return;
    }
    const context = { stamp: createStamp(request), logger };
    try {
      checkAccess(request, endpoint.scopes);
    } catch (thrown) {
      sendError(response, thrown, context);
      return;
    }
    collect(request, (bytes) => answer(bytes, { endpoint, response, context }));
  };
}

/** What of an endpoint a call needs. */
interface Hot {
  readonly scopes: Endpoint["scopes"];
  readonly answered: ((ms: number) => void) | undefined;
  readonly limit: number;
  readonly handle: (body: unknown) => Answer | Promise<Answer>;
}

function hotCall(endpoint: Endpoint): [string, Hot][] {
  const { path, scopes, answered, hot: handle } = endpoint;
  return handle === null ? [] : [[path, { scopes, answered, handle, limit: bodyLimit(endpoint) }]];
}

const PLAIN_JSON = /^application\/json(?:; ?charset=utf-8)?$/i;

/** A length is told only where the body is not chunked; then no more than that can come. */
function isPlainJson({ headers }: IncomingMessage, limit: number): boolean {
  const length = Number(headers["content-length"] ?? Number.NaN);
  return (
    length > 0 &&
    length <= limit &&
    headers["content-encoding"] === undefined &&
    PLAIN_JSON.test(headers["content-type"] ?? "")
  );
}

/** Gives the whole body, not copied where it came in one piece; never where the client goes away before. */
function collect(request: IncomingMessage, done: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    // The connection holds on to its newest request.
    chunks.length = 0;
    done(bytes);
  });
}

interface Call {
  readonly endpoint: Hot;
  readonly response: ServerResponse;
  readonly context: { readonly stamp: Stamp; readonly logger: Logger };
}

/** The body is not the call's: one that waits for an LLM would hold on to it. */
function answer(bytes: Buffer, call: Call): void {
  const fail = (thrown: unknown) => sendError(call.response, thrown, call.context);
  try {
    const made = call.endpoint.handle(parseJson(bytes));
    // Most answers are there at once: a promise would cost each of them a turn of the event loop.
    if (made instanceof Promise) made.then((later) => send(call, later)).catch(fail);
    else send(call, made);
  } catch (thrown) {
    fail(thrown);
  }
}

function send({ endpoint, response, context }: Call, made: Answer): void {
  const tookMs = sendAnswer(response, made, context);
  endpoint.answered?.(tookMs);
}

/** Leaves a byte order mark out. */
const utf8 = new TextDecoder();

function parseJson(bytes: Buffer): unknown {
  const text = utf8.decode(bytes);
  // An empty text is read as Express reads it.
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw malformedJson();
  }
}
