import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** When a request came in, and its id. */
export interface Stamp {
  /** As `performance.now()` gives it. */
  readonly startedMs: number;
  readonly id: string;
}

const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** Stamps a request: its id is the client's own, where that is a plain word of at most 64 characters. */
export function createStamp(request: IncomingMessage): Stamp {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  return { startedMs: performance.now(), id };
}

const stamps = new WeakMap<IncomingMessage, Stamp>();

/** The stamp of a request, made when it is first asked for. */
export function stampOf(request: IncomingMessage): Stamp {
  const known = stamps.get(request);
  if (known !== undefined) return known;
  const made = createStamp(request);
  stamps.set(request, made);
  return made;
}
