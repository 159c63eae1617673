import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { HttpError } from "./http-error.ts";

/** Answers what Node could not read as a request, as any other error is answered, and ends its connection. */
export function answerClientError(found: Error, socket: Duplex): void {
  if (!socket.writable || codeOf(found) === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, type, message } = toHttpError(found);
  const body = JSON.stringify({ error: { type, message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `X-Request-ID: ${randomUUID()}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function toHttpError(found: Error): HttpError {
  switch (codeOf(found)) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(
        "request_timeout",
        "Cannot read the request: found half of it, expected all of it sooner",
      );
    case "HPE_HEADER_OVERFLOW":
      return new HttpError("headers_too_large", "Cannot read the request: found more than 16 KiB of headers");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HttpError(
        "payload_too_large",
        "Cannot read the body: found more about its chunks than can be read",
      );
    default:
      return new HttpError("invalid_request", "Cannot read the request: found bytes that are no HTTP/1.1");
  }
}

function codeOf(found: Error): unknown {
  return "code" in found ? found.code : undefined;
}
