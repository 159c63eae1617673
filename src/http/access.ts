import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";
import { isLoopbackName } from "./loopback.ts";

/** Who may call: the callback, applications, people; `open` needs nothing. */
export type Scope = "open" | "callback" | "feedback" | "admin";

/** Valid secrets by scope; two while one replaces the other, none where the scope has no secret. */
export type Secrets = Readonly<Record<Exclude<Scope, "open">, readonly string[]>>;

export interface AccessOptions {
  readonly secrets: Secrets;
  /** The server can be reached from this machine only. */
  readonly loopbackOnly: boolean;
}

/** Checks one call against the scopes of an endpoint: any of them will do. Throws what the client is told. */
export type CheckAccess = (request: IncomingMessage, scopes: readonly Scope[]) => void;

/**
 * A scope with a secret asks for it. A scope without one is open to this machine alone, and then Host and
 * Origin are checked, so that no web page can call it by rebinding its name to the loopback address.
 */
export function createAccessCheck({ secrets, loopbackOnly }: AccessOptions): CheckAccess {
  const digests = {
    callback: secrets.callback.map(digest),
    feedback: secrets.feedback.map(digest),
    admin: secrets.admin.map(digest),
  };
  // An endpoint's scopes are the same list at each of its calls.
  const guards = new WeakMap<readonly Scope[], Guard>();
  const guardOf = (scopes: readonly Scope[]): Guard => {
    const known = guards.get(scopes);
    if (known !== undefined) return known;
    const guard = makeGuard(scopes, digests);
    guards.set(scopes, guard);
    return guard;
  };
  return (request, scopes) => {
    const { isOpen, valid, needsSecret } = guardOf(scopes);
    if (isOpen) return;
    const token = bearerToken(request);
    if (token !== null && matchesAny(token, valid)) return;
    if (needsSecret) throw new HttpError("unauthorized", "Cannot answer: expected a valid bearer token");
    if (!loopbackOnly) {
      throw new HttpError("forbidden", `Cannot answer: no secret is set for ${scopes.join(" or ")}`);
    }
    refuseForeignNames(request);
  };
}

/** What opens the endpoints of these scopes. */
interface Guard {
  readonly isOpen: boolean;
  /** Digests of the secrets of all of the scopes. */
  readonly valid: readonly Buffer[];
  /** Each of the scopes has a secret. */
  readonly needsSecret: boolean;
}

function makeGuard(
  scopes: readonly Scope[],
  digests: Readonly<Record<keyof Secrets, readonly Buffer[]>>,
): Guard {
  const guarded = scopes.flatMap((scope) => (scope === "open" ? [] : [digests[scope]]));
  const needsSecret = guarded.every((values) => values.length > 0);
  return { isOpen: scopes.includes("open"), valid: guarded.flat(), needsSecret };
}

function digest(value: string): Buffer {
  return hash("sha256", value, "buffer");
}

function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer (\S{1,512})$/i.exec(request.headers.authorization ?? "");
  return match?.[1] ?? null;
}

/** Compares digests of equal length, all of them, so that time tells nothing. */
function matchesAny(token: string, valid: readonly Buffer[]): boolean {
  if (valid.length === 0) return false;
  const given = digest(token);
  return valid.filter((value) => timingSafeEqual(given, value)).length > 0;
}

function refuseForeignNames(request: IncomingMessage): void {
  const { host, origin } = request.headers;
  // A Unix socket's client may send any Host, or none; no browser can open one.
  const overTcp = request.socket.remoteAddress !== undefined;
  if (overTcp && !isLoopback(host)) {
    throw new HttpError("forbidden", "Cannot answer: found a foreign Host header, expected a loopback name");
  }
  if (origin !== undefined && !isLoopback(/^https?:\/\/(.+)$/i.exec(origin)?.[1])) {
    throw new HttpError(
      "forbidden",
      "Cannot answer: found a foreign Origin header, expected a loopback name",
    );
  }
}

/** A name, with or without a port. */
function isLoopback(hostAndPort: string | undefined): boolean {
  return hostAndPort !== undefined && isLoopbackName(hostAndPort.replace(/:\d{1,5}$/, ""));
}
