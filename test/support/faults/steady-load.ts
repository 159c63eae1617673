import { Agent, request } from "node:http";
import { setInterval as everyMs } from "node:timers/promises";
import { z } from "zod";
import { envelopeOf, singleTurn } from "../../../bench/envelopes.ts";

/** Requests of POST /v1/route at a steady rate, whatever becomes of them. */
export interface SteadyLoad {
  /** Ids of the decisions that were answered. */
  readonly answeredIds: readonly string[];
  /** What became of requests that were not answered with 200, a line each. */
  readonly failures: readonly string[];
  /** Requests that are under way. */
  readonly inFlight: number;
  /** Latencies since it was asked last, in milliseconds. */
  takeLatencies(): number[];
  /** Sends no more, and waits for the answers. */
  stop(): Promise<void>;
}

export interface SteadyLoadOptions {
  readonly port: number;
  readonly perSecond: number;
  /** Sent in turn; made by `routeBodies`. */
  readonly bodies: readonly string[];
}

const replySchema = z.object({ decision_id: z.string() });
/** Most requests under way: a sidecar that stands still is not to be buried. */
const MAX_IN_FLIGHT = 64;

/** Bodies of POST /v1/route whose human turn has so many characters of prose. */
export function routeBodies(charsOfTurns: readonly number[]): string[] {
  return charsOfTurns.map((chars, at) => JSON.stringify(envelopeOf(singleTurn(chars, at + 1), at + 1)));
}

/** Begins to send. A request that finds 64 under way is sent when one of them ends. */
export function startLoad({ port, perSecond, bodies }: SteadyLoadOptions): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });
  const answeredIds: string[] = [];
  const failures: string[] = [];
  const stopping = new AbortController();
  let [inFlight, sent, latencies]: [number, number, number[]] = [0, 0, []];
  const send = async (body: string) => {
    const startedMs = performance.now();
    inFlight += 1;
    try {
      const text = await ask({ port, agent, body });
      latencies.push(performance.now() - startedMs);
      answeredIds.push(replySchema.parse(JSON.parse(text)).decision_id);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    inFlight -= 1;
  };
  const running = keepSending({
    signal: stopping.signal,
    perSecond,
    send: () => {
      if (inFlight >= MAX_IN_FLIGHT) return false;
      void send(bodies[sent % bodies.length] ?? "");
      sent += 1;
      return true;
    },
  });
  return {
    answeredIds,
    failures,
    get inFlight() {
      return inFlight;
    },
    takeLatencies: () => {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    stop: async () => {
      stopping.abort();
      await running;
      for await (const _ of everyMs(5)) if (inFlight === 0) break;
      agent.destroy();
    },
  };
}

/** @param send tells whether it sent. */
async function keepSending(options: { signal: AbortSignal; perSecond: number; send: () => boolean }) {
  const startedMs = performance.now();
  let sent = 0;
  for await (const _ of everyMs(1)) {
    if (options.signal.aborted) return;
    const due = ((performance.now() - startedMs) / 1_000) * options.perSecond;
    while (sent < due && options.send()) sent += 1;
    // What could not be sent in time is not made up for: the rate is a steady one.
    sent = Math.max(sent, Math.floor(due));
  }
}

function ask({ port, agent, body }: { port: number; agent: Agent; body: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const options = { port, host: "127.0.0.1", agent, method: "POST", path: "/v1/route", headers };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}: ${text}`));
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
