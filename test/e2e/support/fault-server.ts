import { createServer, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { inject } from "vitest";
import { close, listen } from "./listen.ts";

/** How a sidecar can be out of order while it still listens. */
export const faults = [
  "garbage",
  "wrong form",
  "unknown model",
  "two models",
  "status 500",
  "cut off",
  "after 2 s",
] as const;

export type Fault = (typeof faults)[number];

/** What was seen of the callback. */
export interface FaultServer {
  /** Questions that arrived at POST /v1/route. */
  readonly asked: () => number;
  /** Questions whose connection the callback closed before the late answer. */
  readonly abandoned: () => number;
  readonly close: () => Promise<void>;
}

/** How late the late answer is, in milliseconds: many times the callback's deadline. */
const lateMs = 2_000;

/** An answer of the right form; whoever believes it calls `model`. */
function reply(model: string): string {
  return JSON.stringify({
    decision_id: "01930000-0000-7000-8000-00000000dead",
    model,
    candidates: [model],
    rewrite: true,
    tier: "complex",
    method: "auto",
    strategy: "static",
    score: 99,
    confidence: null,
    reason: "a sidecar that is out of order",
    requested_model: "auto",
    mode: "enforce",
    virtual: true,
    policy_revision: "0",
    access: "strict",
    max_output_tokens: {},
    deadline_ms: 250,
    needs_catalog: false,
    header_names: [],
  });
}

/**
 * Listens in the place of the sidecar, which must be stopped, and answers out of order.
 *
 * @param busyMs how long LiteLLM is busy with all that is asked at once, in milliseconds. The callback counts the time in
 *   which LiteLLM is not: the late answer is late by that much more.
 */
export async function startFaultServer(fault: Fault, busyMs = 0): Promise<FaultServer> {
  let [asked, abandoned] = [0, 0];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url !== "/v1/route") {
      response.writeHead(500).end();
      return;
    }
    asked += 1;
    response.once("close", () => {
      if (!response.writableFinished) abandoned += 1;
    });
    void misbehave(fault, response, lateMs + busyMs);
  });
  await listen(server, inject("stack").sidecarPort);
  return { asked: () => asked, abandoned: () => abandoned, close: () => close(server) };
}

async function misbehave(fault: Fault, response: ServerResponse, afterMs: number): Promise<void> {
  switch (fault) {
    case "garbage":
      response.end("\u0000<html>{{{ not JSON");
      return;
    case "wrong form":
      response.end(
        JSON.stringify({ model: ["large"], candidates: "large", rewrite: "yes", deadline_ms: -1 }),
      );
      return;
    case "unknown model":
      response.end(reply("not-a-model-of-anybody"));
      return;
    case "two models":
      response.end(reply("small,large"));
      return;
    case "status 500":
      response.writeHead(500).end(JSON.stringify({ error: { type: "internal", message: "out of order" } }));
      return;
    case "cut off":
      response.writeHead(200, { "content-length": "5000" }).write(reply("extra"));
      response.destroy();
      return;
    case "after 2 s":
      await delay(afterMs);
      response.end(reply("extra"));
      return;
    default:
      fault satisfies never;
  }
}
