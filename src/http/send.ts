import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Answer } from "./endpoint.ts";
import { toHttpError } from "./http-error.ts";
import type { Stamp } from "./stamp.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** After how many seconds a client that was turned away may ask again. */
const RETRY_AFTER_S = 1;

/** Sends an answer as JSON, or as text of `contentType`. Gives how many milliseconds it took. */
export function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  { stamp, contentType = JSON_TYPE }: { readonly stamp: Stamp; readonly contentType?: string | undefined },
): number {
  const text = "text" in answer ? answer.text : JSON.stringify(answer.json);
  const tookMs = performance.now() - stamp.startedMs;
  const headers: OutgoingHttpHeaders = {
    "X-Request-ID": stamp.id,
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Response-Time": `${tookMs.toFixed(3)}ms`,
  };
  if (answer.status === 503) headers["Retry-After"] = RETRY_AFTER_S;
  // All headers at once: after a setHeader() each of them would take the slow way.
  response.writeHead(answer.status, headers);
  response.end(text);
  return tookMs;
}

/**
 * Answers what was thrown as an error that the client may see; what it may not see goes to the logger. Where an answer
 * is under way already, its connection ends.
 */
export function sendError(
  response: ServerResponse,
  thrown: unknown,
  { stamp, logger }: { readonly stamp: Stamp; readonly logger: Logger },
): void {
  const error = toHttpError(thrown);
  if (error.type === "internal_error")
    logger.error({ event: "request_failed", requestId: stamp.id, err: error.cause });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const json = { error: { type: error.type, message: error.message } };
  sendAnswer(response, { status: error.status, json }, { stamp });
}
