import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type AccessOptions, createAccessCheck, type Scope } from "../../src/http/access.ts";
import { HttpError } from "../../src/http/http-error.ts";

const SECRET = "callback-secret-0001";
const NEXT_SECRET = "callback-secret-0002";
const ADMIN = "admin-secret-00000001";
const NO_SECRETS = { callback: [], feedback: [], admin: [] };

function outcome(options: AccessOptions, scopes: readonly Scope[], headers: Record<string, string>): string {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: "127.0.0.1" });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  try {
    createAccessCheck(options)(request, scopes);
    return "allowed";
  } catch (error) {
    return error instanceof HttpError ? error.type : "another error";
  }
}

const bearer = (secret: string) => ({ host: "10.0.0.7:4100", authorization: `Bearer ${secret}` });

describe("createAccessCheck()", () => {
  const secrets = { callback: [SECRET, NEXT_SECRET], feedback: [], admin: [ADMIN] };
  const guarded = { secrets, loopbackOnly: false };
  const loopback = { secrets: NO_SECRETS, loopbackOnly: true };

  it.each([
    ["a valid secret", ["callback"], bearer(SECRET), "allowed"],
    ["the second secret of a rotation", ["callback"], bearer(NEXT_SECRET), "allowed"],
    ["a wrong secret", ["callback"], bearer("callback-secret-0003"), "unauthorized"],
    ["a prefix of the secret", ["callback"], bearer(SECRET.slice(0, -1)), "unauthorized"],
    ["no secret", ["callback"], { host: "127.0.0.1" }, "unauthorized"],
    ["another scope's secret", ["admin"], bearer(SECRET), "unauthorized"],
    ["a secret of any of the endpoint's scopes", ["callback", "admin"], bearer(ADMIN), "allowed"],
    ["an endpoint that is open", ["open"], { host: "example.com" }, "allowed"],
    ["a scope that has no secret", ["feedback"], bearer(SECRET), "forbidden"],
  ] as const)("with %s on a reachable address", (_title, scopes, headers, expected) => {
    expect(outcome(guarded, scopes, headers)).toBe(expected);
  });

  it.each([
    ["localhost", { host: "localhost:4100" }, "allowed"],
    ["an IPv6 loopback address", { host: "[::1]:4100" }, "allowed"],
    ["another address of this machine", { host: "127.0.0.2:4100" }, "allowed"],
    ["a name that was rebound to loopback", { host: "evil.example:4100" }, "forbidden"],
    ["a name that only starts like loopback", { host: "127.0.0.1.evil.example" }, "forbidden"],
    ["an address that only begins like loopback", { host: "127.0.0.1.2" }, "forbidden"],
    ["no Host", {}, "forbidden"],
    ["a page of this machine", { host: "localhost", origin: "http://localhost:4100" }, "allowed"],
    ["a page from elsewhere", { host: "localhost", origin: "https://evil.example" }, "forbidden"],
    ["a sandboxed page", { host: "localhost", origin: "null" }, "forbidden"],
  ])("without secrets, called by %s", (_title, headers, expected) => {
    expect(outcome(loopback, ["callback"], headers)).toBe(expected);
  });
});
