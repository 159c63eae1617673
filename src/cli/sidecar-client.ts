import { type ClientRequest, request } from "node:http";
import { text } from "node:stream/consumers";
import { isObject } from "../request/json.ts";
import type { Settings } from "../settings.ts";
import { CliError, EXIT } from "./cli-error.ts";

/** What a command says to a running sidecar. */
export interface SidecarCall {
  readonly method: "POST";
  readonly path: string;
  readonly body: unknown;
  /** Bearer token; null where none is set. */
  readonly secret: string | null;
}

export interface SidecarAnswer {
  readonly status: number;
  /** An object for every answer of a sidecar. */
  readonly json: Readonly<Record<string, unknown>>;
}

const TIMEOUT_MS = 10_000;

/**
 * Asks the sidecar of these settings: on its Unix socket, or its host and port.
 *
 * @throws {CliError} where nobody answers there, or somebody else.
 */
export async function askSidecar(settings: Settings, call: SidecarCall): Promise<SidecarAnswer> {
  const where = addressOf(settings);
  const { status, body } = await send(where, call).catch((error: unknown) => {
    const found = error instanceof Error ? error.message : String(error);
    throw new CliError(
      EXIT.failed,
      `Cannot reach the sidecar: found ${found || "no answer"} at ${nameOf(where)}, expected one that runs; ` +
        "SIGNALBOX_HOST, SIGNALBOX_PORT or SIGNALBOX_SOCKET say where",
      { cause: error },
    );
  });
  const json = parse(body);
  if (isObject(json)) return { status, json };
  throw new CliError(
    EXIT.failed,
    `Cannot read the answer of ${nameOf(where)}: found status ${status} and no JSON object, expected a sidecar`,
  );
}

type Where = { readonly socketPath: string } | { readonly host: string; readonly port: number };

function addressOf({ SIGNALBOX_SOCKET, SIGNALBOX_HOST, SIGNALBOX_PORT }: Settings): Where {
  if (SIGNALBOX_SOCKET !== undefined) return { socketPath: SIGNALBOX_SOCKET };
  return { host: reachable(SIGNALBOX_HOST), port: SIGNALBOX_PORT };
}

/** An address that listens everywhere is reached through loopback. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function nameOf(where: Where): string {
  return "socketPath" in where ? where.socketPath : `${where.host}:${where.port}`;
}

function send(
  where: Where,
  { method, path, body, secret }: SidecarCall,
): Promise<{ status: number; body: string }> {
  const payload = JSON.stringify(body);
  const headers = {
    Host: "localhost",
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(payload),
    ...(secret === null ? {} : { Authorization: `Bearer ${secret}` }),
  };
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request({ ...where, method, path, headers, timeout: TIMEOUT_MS });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    asked.on("error", reject);
    asked.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    asked.end(payload);
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
