import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from "express";
import type { Logger } from "pino";
import type { ApiOptions } from "./api-options.ts";
import { createDashboard } from "./dashboard.ts";
import { type Answer, bodyLimit, type Caller, type Endpoint } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";
import { expressPath, matchesTemplate } from "./path-template.ts";
import { sendAnswer, sendError } from "./send.ts";
import { stampOf } from "./stamp.ts";
import { createWaitingRoom, type WaitingRoom } from "./waiting-room.ts";

/** Handlers that wait for the database or the disk at once: more of them would only wait for each other. */
const MAX_WAITING = 16;

/** Every endpoint of the API as an Express application. */
export function createExpressApp({ endpoints, checkAccess, logger }: ApiOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(stamp);
  app.use("/dashboard", createDashboard());
  const enter = createWaitingRoom(MAX_WAITING);
  for (const endpoint of endpoints) {
    const readJson = express.json({ limit: bodyLimit(endpoint), inflate: false, strict: false });
    const guard: RequestHandler = (request, _response, next) => {
      checkAccess(request, endpoint.scopes);
      next();
    };
    const answer = answerOf(endpoint, enter);
    const steps = endpoint.body === null ? [guard, answer] : [guard, readJson, requireJson, answer];
    app[endpoint.method](expressPath(endpoint.path), ...steps);
  }
  app.use(refuseUnknown(endpoints));
  app.use(answerError(logger));
  return app;
}

const stamp: RequestHandler = (request, _response, next) => {
  stampOf(request);
  next();
};

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.body === undefined) {
    throw new HttpError(
      "unsupported_media_type",
      "Cannot read the body: expected Content-Type: application/json",
    );
  }
  next();
};

function answerOf(endpoint: Endpoint, enter: WaitingRoom): RequestHandler {
  const { contentType, answered } = endpoint;
  return async (request, response) => {
    const { params, query, body } = request;
    const handle = (): Answer | Promise<Answer> =>
      endpoint.handle({ params, query, body, caller: callerOf(request) });
    const answer = await (endpoint.waits === true ? enter(handle) : handle());
    const tookMs = sendAnswer(response, answer, { stamp: stampOf(request), contentType });
    answered?.(tookMs);
  };
}

function callerOf(request: Request): Caller {
  const ifMatch = request.headers["if-match"]?.replace(/^(?:W\/)?"(.*)"$/, "$1") ?? null;
  return { requestId: stampOf(request).id, address: request.socket.remoteAddress ?? null, ifMatch };
}

function refuseUnknown(endpoints: readonly Endpoint[]): RequestHandler {
  return (request) => {
    const methods = endpoints
      .filter(({ path }) => matchesTemplate(path, request.path))
      .map(({ method }) => method.toUpperCase());
    if (methods.length === 0)
      throw new HttpError("not_found", "Cannot answer: no such path, see /openapi.json");
    throw new HttpError("method_not_allowed", `Cannot answer: expected ${methods.join(" or ")}`);
  };
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    sendError(response, thrown, { stamp: stampOf(request), logger });
  };
}
