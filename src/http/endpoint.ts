import type { z } from "zod";
import type { Scope } from "./access.ts";
import { HttpError } from "./http-error.ts";

/** One method of one path: the server and its documentation are made of the same list of these. */
export interface Endpoint {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  /** Any of these scopes will do. */
  readonly scopes: readonly Scope[];
  readonly summary: string;
  /** Schema of the body, null where none is read. */
  readonly body: z.ZodType | null;
  /** Largest body in bytes, where that is not the usual one. */
  readonly maxBodyBytes?: number;
  readonly reply: z.ZodType;
  /** Gets the body as it was parsed from JSON; its answer is sent as JSON. */
  readonly handle: (body: unknown) => Answer;
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** Everything of an endpoint but its handler. */
export type EndpointHead = Pick<Endpoint, "method" | "path" | "scopes" | "summary" | "maxBodyBytes">;

/** An endpoint that reads no body. */
export function readEndpoint<Reply extends z.ZodType>(
  head: EndpointHead,
  spec: { readonly reply: Reply; readonly handle: () => z.input<Reply> },
): Endpoint {
  const handle = (): Answer => ({ status: 200, json: spec.handle() });
  return { ...head, body: null, reply: spec.reply, handle };
}

/** An endpoint whose body is validated before its handler sees it. */
export function bodyEndpoint<Body extends z.ZodType, Reply extends z.ZodType>(
  head: EndpointHead,
  spec: {
    readonly body: Body;
    readonly reply: Reply;
    readonly handle: (body: z.output<Body>) => z.input<Reply>;
  },
): Endpoint {
  const handle = (body: unknown): Answer => ({ status: 200, json: spec.handle(parseBody(spec.body, body)) });
  return { ...head, body: spec.body, reply: spec.reply, handle };
}

/** Most problems of a body that one answer names. */
const MAX_ISSUES = 5;

function parseBody<Body extends z.ZodType>(schema: Body, body: unknown): z.output<Body> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES);
  const problems = issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new HttpError("invalid_request", `Cannot read the body: ${problems.join("; ")}`);
}
