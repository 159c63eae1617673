import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** Who may call: the callback, applications, people; `open` needs nothing. */
export type Scope = "open" | "callback" | "feedback" | "admin";

/** Valid secrets by scope; two while one replaces the other, none where the scope has no secret. */
export type Secrets = Readonly<Record<Exclude<Scope, "open">, readonly string[]>>;

/** Names under which a browser on this machine can reach a server that listens on loopback. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

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
  return (request, scopes) => {
    if (scopes.includes("open")) return;
    const guarded = scopes.flatMap((scope) => (scope === "open" ? [] : [digests[scope]]));
    const unguarded = guarded.some((values) => values.length === 0);
    const token = bearerToken(request);
    if (token !== null && matchesAny(token, guarded.flat())) return;
    if (!unguarded) throw new HttpError("unauthorized", "Cannot answer: expected a valid bearer token");
    if (!loopbackOnly) {
      throw new HttpError("forbidden", `Cannot answer: no secret is set for ${scopes.join(" or ")}`);
    }
    refuseForeignNames(request);
  };
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}

function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer (\S{1,512})$/i.exec(request.headers.authorization ?? "");
  return match?.[1] ?? null;
}

/** Compares digests of equal length, all of them, so that time tells nothing. */
function matchesAny(token: string, valid: readonly Buffer[]): boolean {
  const given = digest(token);
  return valid.filter((value) => timingSafeEqual(given, value)).length > 0;
}

function refuseForeignNames(request: IncomingMessage): void {
  const { host, origin } = request.headers;
  // A Unix socket's client may send any Host, or none; no browser can open one.
  const overTcp = request.socket.remoteAddress !== undefined;
  if (overTcp && !isLoopbackName(host)) {
    throw new HttpError("forbidden", "Cannot answer: found a foreign Host header, expected a loopback name");
  }
  if (origin !== undefined && !isLoopbackName(/^https?:\/\/(.+)$/i.exec(origin)?.[1])) {
    throw new HttpError(
      "forbidden",
      "Cannot answer: found a foreign Origin header, expected a loopback name",
    );
  }
}

function isLoopbackName(hostAndPort: string | undefined): boolean {
  const name = hostAndPort?.replace(/:\d{1,5}$/, "").toLowerCase();
  return name !== undefined && LOOPBACK_NAMES.has(name);
}
