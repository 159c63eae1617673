/** The load generator: raw HTTP/1.1 over kept-alive sockets, requests made beforehand. See load.ts. */
import { Worker } from "node:worker_threads";
import { quantile } from "./figures.ts";
import { HttpSocket } from "./http-socket.ts";
import type { LoadPlan, LoadResult } from "./load.ts";

process.on("message", (plan: LoadPlan) => {
  run(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});

async function run(plan: LoadPlan): Promise<LoadResult> {
  const sockets = await Promise.all(
    Array.from({ length: plan.connections }, () => HttpSocket.open(plan.port)),
  );
  const requests = plan.bodies.map((body) => requestBytes(plan, body));
  const samples = new Samples(plan.pace.requests);
  const loop = { sockets, requests, samples };
  const { pace } = plan;
  const tookMs = await (pace.kind === "closed"
    ? closedLoop(loop)
    : openLoop({ ...loop, perSecond: pace.perSecond }));
  for (const socket of sockets) socket.close();
  return samples.sumUp(tookMs / 1_000);
}

function requestBytes({ path, port, headers }: LoadPlan, body: string): Buffer {
  const all = { Host: `127.0.0.1:${port}`, "Content-Type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\n${lines.join("")}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** Latencies and lags of a run, in milliseconds. */
class Samples {
  readonly #latencies: Float64Array;
  readonly #lags: Float64Array;
  #begun = 0;
  #ended = 0;

  constructor(count: number) {
    this.#latencies = new Float64Array(count);
    this.#lags = new Float64Array(count);
  }

  get count(): number {
    return this.#lags.length;
  }

  get begun(): number {
    return this.#begun;
  }

  get allBegun(): boolean {
    return this.#begun === this.#lags.length;
  }

  get allEnded(): boolean {
    return this.#ended === this.#latencies.length;
  }

  begin(lagMs: number): number {
    this.#lags[this.#begun] = lagMs;
    this.#begun += 1;
    return this.#begun - 1;
  }

  end(latencyMs: number): void {
    this.#latencies[this.#ended] = latencyMs;
    this.#ended += 1;
  }

  sumUp(seconds: number): LoadResult {
    const sorted = this.#latencies.toSorted();
    return {
      perSecond: sorted.length / seconds,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      p999Ms: quantile(sorted, 0.999),
      maxMs: quantile(sorted, 1),
      lagP99Ms: quantile(this.#lags.toSorted(), 0.99),
    };
  }
}

/** What clock-worker.ts sends: first when it starts, in milliseconds since 1970, then every moment that is due. */
type ClockMessage = { readonly startsAtMs: number } | { readonly tick: number };

interface Loop {
  readonly sockets: readonly HttpSocket[];
  readonly requests: readonly Buffer[];
  readonly samples: Samples;
}

/** Gives the milliseconds that it took, as the open loop does. */
async function closedLoop({ sockets, requests, samples }: Loop): Promise<number> {
  const startedMs = performance.now();
  const sendUntilDone = async (socket: HttpSocket) => {
    while (!samples.allBegun) {
      const turn = samples.begin(0);
      const sentMs = performance.now();
      await socket.ask(requests[turn % requests.length] ?? Buffer.alloc(0));
      samples.end(performance.now() - sentMs);
    }
  };
  await Promise.all(sockets.map(sendUntilDone));
  return performance.now() - startedMs;
}

/**
 * Sends on schedule. A request that finds no socket free waits here, and its wait counts: latency is measured from
 * the moment at which the request was due.
 */
function openLoop({ sockets, requests, samples, perSecond }: Loop & { perSecond: number }): Promise<number> {
  const free = [...sockets];
  const intervalMs = 1_000 / perSecond;
  const clock = startClock(intervalMs, samples.count);
  let startMs = Number.NaN;
  let newestDue = -1;
  return new Promise((resolve, reject) => {
    const send = (socket: HttpSocket) => {
      const dueMs = startMs + samples.begun * intervalMs;
      const turn = samples.begin(performance.now() - dueMs);
      socket.ask(requests[turn % requests.length] ?? Buffer.alloc(0)).then(() => {
        samples.end(performance.now() - dueMs);
        free.push(socket);
        sendWhatIsDue();
        if (samples.allEnded) resolve(performance.now() - startMs);
      }, reject);
    };
    const sendWhatIsDue = () => {
      while (samples.begun <= newestDue) {
        const socket = free.pop();
        if (socket === undefined) return;
        send(socket);
      }
    };
    clock.on("message", (message: ClockMessage) => {
      if ("startsAtMs" in message) startMs = message.startsAtMs - performance.timeOrigin;
      else newestDue = message.tick;
      sendWhatIsDue();
    });
    clock.on("error", reject);
  });
}

function startClock(intervalMs: number, ticks: number): Worker {
  const workerData = { intervalMs, ticks };
  return new Worker(new URL("clock-worker.ts", import.meta.url), { workerData });
}
