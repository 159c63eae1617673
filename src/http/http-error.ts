/** Kinds of errors that the API answers, each with its status. */
export const ERROR_STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  precondition_required: 428,
  headers_too_large: 431,
  internal_error: 500,
  unavailable: 503,
} as const;

export type ErrorType = keyof typeof ERROR_STATUS;

/** An error that the client is told of. Its message never holds a value that the client sent. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }

  get status(): number {
    return ERROR_STATUS[this.type];
  }
}

/** What body-parser says of a body that it refuses, as far as it is used here. */
const BODY_ERRORS: Readonly<Record<string, ErrorType>> = {
  "entity.too.large": "payload_too_large",
  "entity.parse.failed": "invalid_request",
  "request.aborted": "invalid_request",
  "request.size.invalid": "invalid_request",
  "encoding.unsupported": "unsupported_media_type",
  "charset.unsupported": "unsupported_media_type",
};

const BODY_MESSAGES: Readonly<Record<string, string>> = {
  "entity.too.large": "Cannot read the body: it is larger than this path takes, see docs/api.md",
  "entity.parse.failed": "Cannot read the body: found text that is no JSON, expected a JSON object",
};

/** The error of a body that is no JSON. */
export function malformedJson(): HttpError {
  return toHttpError({ type: "entity.parse.failed" });
}

/** Turns whatever was thrown into an error that the client may see. */
export function toHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (thrown instanceof URIError) {
    return new HttpError("invalid_request", "Cannot read the path: found a broken % sequence");
  }
  const kind = kindOf(thrown);
  const type = BODY_ERRORS[kind];
  if (type !== undefined) return new HttpError(type, BODY_MESSAGES[kind] ?? `Cannot read the body: ${kind}`);
  return new HttpError(
    "internal_error",
    "The request could not be answered; the log names it by its X-Request-ID",
    {
      cause: thrown,
    },
  );
}

function kindOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null || !("type" in thrown)) return "";
  return typeof thrown.type === "string" ? thrown.type : "";
}
