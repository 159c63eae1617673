import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import type { CheckAccess } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";
import { HttpError, toHttpError } from "./http-error.ts";

/** Largest body that is read: the callback's extract has at most 64 KiB, its envelope and facts the rest. */
const MAX_BODY_BYTES = 256 * 1024;

export interface AppOptions {
  readonly endpoints: readonly Endpoint[];
  readonly checkAccess: CheckAccess;
  readonly logger: Logger;
}

/** The HTTP API as an Express application. */
export function createApp({ endpoints, checkAccess, logger }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(stamp);
  for (const endpoint of endpoints) {
    const limit = endpoint.maxBodyBytes ?? MAX_BODY_BYTES;
    const readJson = express.json({ limit, inflate: false, strict: false });
    const guard: RequestHandler = (request, _response, next) => {
      checkAccess(request, endpoint.scopes);
      next();
    };
    const answer: RequestHandler = (request, response) => {
      const { status, json } = endpoint.handle(request.body);
      send(response, status, json);
    };
    const steps = endpoint.body === null ? [guard, answer] : [guard, readJson, requireJson, answer];
    app[endpoint.method](endpoint.path, ...steps);
  }
  app.use(refuseUnknown(endpoints));
  app.use(answerError(logger));
  return app;
}

/** When a request came in, and its id. */
interface Stamp {
  readonly startedMs: number;
  readonly id: string;
}

const stamps = new WeakMap<IncomingMessage, Stamp>();

const REQUEST_ID = /^[\w.:-]{1,64}$/;

const stamp: RequestHandler = (request, _response, next) => {
  stampOf(request);
  next();
};

function stampOf(request: IncomingMessage): Stamp {
  const known = stamps.get(request);
  if (known !== undefined) return known;
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  const made = { startedMs: performance.now(), id };
  stamps.set(request, made);
  return made;
}

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.body === undefined) {
    throw new HttpError(
      "unsupported_media_type",
      "Cannot read the body: expected Content-Type: application/json",
    );
  }
  next();
};

function send(response: ServerResponse, status: number, json: unknown): void {
  const text = JSON.stringify(json);
  const { startedMs, id } = stampOf(response.req);
  // All headers at once: after a setHeader() each of them would take the slow way.
  response.writeHead(status, {
    "X-Request-ID": id,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Response-Time": `${(performance.now() - startedMs).toFixed(3)}ms`,
  });
  response.end(text);
}

function refuseUnknown(endpoints: readonly Endpoint[]): RequestHandler {
  return (request) => {
    const methods = endpoints
      .filter(({ path }) => path === request.path)
      .map(({ method }) => method.toUpperCase());
    if (methods.length === 0)
      throw new HttpError("not_found", "Cannot answer: no such path, see /openapi.json");
    throw new HttpError("method_not_allowed", `Cannot answer: expected ${methods.join(" or ")}`);
  };
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = toHttpError(thrown);
    if (error.status >= 500) {
      logger.error({
        event: "request_failed",
        requestId: stampOf(response.req).id,
        err: error.cause,
      });
    }
    send(response, error.status, { error: { type: error.type, message: error.message } });
  };
}
