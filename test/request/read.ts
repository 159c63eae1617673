import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import type { RouteRequest } from "../../src/request/route-request.ts";

/** Reads a body, with further fields of the envelope. */
export function read(body: Record<string, unknown>, envelope: Record<string, unknown> = {}): RouteRequest {
  const parsed = parseEnvelope({ ...envelope, body });
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}
