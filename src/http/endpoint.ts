import type { z } from "zod";
import type { Scope } from "./access.ts";
import { HttpError } from "./http-error.ts";
import { parseQuery } from "./query.ts";

/** One method of one path: the server and its documentation are made of the same list of these. */
export interface Endpoint extends EndpointHead {
  /** Schema of the path's parameters, null where it has none. */
  readonly params: z.ZodObject | null;
  /** Schema of the query, null where none is read. */
  readonly query: z.ZodObject | null;
  /** Schema of the body, null where none is read. */
  readonly body: z.ZodType | null;
  readonly reply: z.ZodType;
  /** Gets what was sent as it is; answers at once or, where the head says so, later. */
  readonly handle: (asked: Asked) => Answer | Promise<Answer>;
  /** The same handler without Express, where each request of a client asks for it; null elsewhere. */
  readonly hot: ((body: unknown) => Answer | Promise<Answer>) | null;
}

/** What an endpoint is, but for what it reads and answers. */
export interface EndpointHead {
  readonly method: "get" | "post" | "put";
  /** A parameter stands in braces: `/v1/decisions/{id}`. */
  readonly path: string;
  /** Any of these scopes will do. */
  readonly scopes: readonly Scope[];
  readonly summary: string;
  /** Largest body in bytes, where that is not the usual one. */
  readonly maxBodyBytes?: number;
  /** Its handler waits, for the database or for the disk: only so many of them run at once. */
  readonly waits?: boolean;
  /** Told of each answer that is no error, and how many milliseconds it took since the head of its request came. */
  readonly answered?: (ms: number) => void;
  /** Status of an answer that is no error, where that is not 200. */
  readonly successStatus?: number;
  /** Type of an answer that is text; without it the answer is JSON. */
  readonly contentType?: string;
}

/** What a client sent, not validated yet. */
interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  /** The body as it was parsed from JSON, undefined where none is read. */
  readonly body: unknown;
  readonly caller: Caller;
}

/** What is known of who asks, beside what it sent. */
export interface Caller {
  readonly requestId: string;
  /** Its address; null over a Unix socket. */
  readonly address: string | null;
  /** Its `If-Match`, without quotes; null where it sent none. */
  readonly ifMatch: string | null;
}

/** What a handler answers: a value that is sent as JSON, or text of the endpoint's own content type. */
export type Answer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string };

type Reply<Schema extends z.ZodType> = z.input<Schema> | Promise<z.input<Schema>>;

const NOTHING_READ = { params: null, query: null, body: null, hot: null } as const;

/** An endpoint that reads nothing that a client sends. */
export function readEndpoint<Schema extends z.ZodType>(
  head: EndpointHead,
  spec: { readonly reply: Schema; readonly handle: () => Reply<Schema> },
): Endpoint {
  return { ...head, ...NOTHING_READ, reply: spec.reply, handle: () => toAnswer(spec.handle()) };
}

/** An endpoint whose answer is text of the head's content type. */
export function textEndpoint(
  head: EndpointHead & { readonly contentType: string },
  spec: { readonly reply: z.ZodString; readonly handle: () => Promise<string> },
): Endpoint {
  const handle = async (): Promise<Answer> => ({ status: 200, text: await spec.handle() });
  return { ...head, ...NOTHING_READ, reply: spec.reply, handle };
}

/** What is asked for with a query, and its schemas. Both are strict: a field that they do not name is refused. */
interface QuerySpec<Params extends z.ZodObject, Query extends z.ZodObject, Schema extends z.ZodType> {
  readonly params: Params;
  readonly query: Query;
  readonly reply: Schema;
  readonly handle: (asked: QueryAsked<Params, Query>) => Promise<z.input<Schema>>;
}

interface QueryAsked<Params extends z.ZodObject, Query extends z.ZodObject> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
}

/** An endpoint that looks something up, by parameters of its path and by a query. It waits. */
export function queryEndpoint<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Schema extends z.ZodType,
>(head: EndpointHead, spec: QuerySpec<Params, Query, Schema>): Endpoint {
  const { params, query, reply } = spec;
  const handle = (asked: Asked) => {
    const read = { params: parse(params, asked.params, "path"), query: parseQuery(query, asked.query) };
    return toAnswer(spec.handle(read));
  };
  return { ...head, waits: true, params, query, body: null, hot: null, reply, handle };
}

/** An endpoint whose body is validated before its handler sees it. */
export function bodyEndpoint<Body extends z.ZodType, Schema extends z.ZodType>(
  head: EndpointHead,
  spec: {
    readonly body: Body;
    readonly reply: Schema;
    readonly handle: (body: z.output<Body>, caller: Caller) => Reply<Schema>;
  },
): Endpoint {
  const handle = ({ body, caller }: Asked) =>
    toAnswer(spec.handle(parse(spec.body, body, "body"), caller), head.successStatus);
  return { ...head, ...NOTHING_READ, body: spec.body, reply: spec.reply, handle };
}

/** An endpoint that each request of a client asks. Its handler answers at once where it can, and reads the body by itself. */
export function hotEndpoint<Schema extends z.ZodType>(
  head: EndpointHead & { readonly method: "post" },
  spec: {
    readonly body: z.ZodType;
    readonly reply: Schema;
    readonly handle: (body: unknown) => Reply<Schema>;
  },
): Endpoint {
  const hot = (body: unknown) => toAnswer(spec.handle(body));
  const handle = ({ body }: Asked) => hot(body);
  return { ...head, ...NOTHING_READ, body: spec.body, reply: spec.reply, handle, hot };
}

/** An answer of JSON, at once or later as its content comes. */
export function toAnswer(json: unknown, status = 200): Answer | Promise<Answer> {
  if (json instanceof Promise) return json.then((later: unknown) => ({ status, json: later }));
  return { status, json };
}

/** Largest body that is read: the callback's extract has at most 64 KiB, its envelope and facts the rest. */
const MAX_BODY_BYTES = 256 * 1024;

/** Largest body of an endpoint, in bytes. */
export function bodyLimit({ maxBodyBytes }: Pick<EndpointHead, "maxBodyBytes">): number {
  return maxBodyBytes ?? MAX_BODY_BYTES;
}

/** Most problems of a body that one answer names. */
const MAX_ISSUES = 5;

function parse<Schema extends z.ZodType>(schema: Schema, raw: unknown, what: string): z.output<Schema> {
  const result = safeParse(schema, raw, what);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES);
  const problems = issues.map((issue) => `${issue.path.join(".") || what}: ${issue.message}`);
  throw new HttpError("invalid_request", `Cannot read the ${what}: ${problems.join("; ")}`);
}

function safeParse<Schema extends z.ZodType>(schema: Schema, raw: unknown, what: string) {
  try {
    return schema.safeParse(raw);
  } catch (error) {
    // The stack ends before such a text does.
    if (!(error instanceof RangeError)) throw error;
    throw new HttpError("invalid_request", `Cannot read the ${what}: found more nesting than can be read`);
  }
}
