/** The load generator: raw HTTP/1.1 over kept-alive sockets, requests made beforehand. See load.ts. */
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
  const startedMs = performance.now();
  if (plan.pace.kind === "closed") await closedLoop({ sockets, requests, samples });
  else await openLoop({ sockets, requests, samples, perSecond: plan.pace.perSecond });
  const seconds = (performance.now() - startedMs) / 1_000;
  for (const socket of sockets) socket.close();
  return samples.sumUp(seconds);
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

interface Loop {
  readonly sockets: readonly HttpSocket[];
  readonly requests: readonly Buffer[];
  readonly samples: Samples;
}

async function closedLoop({ sockets, requests, samples }: Loop): Promise<void> {
  const sendUntilDone = async (socket: HttpSocket) => {
    while (!samples.allBegun) {
      const turn = samples.begin(0);
      const sentMs = performance.now();
      await socket.ask(requests[turn % requests.length] ?? Buffer.alloc(0));
      samples.end(performance.now() - sentMs);
    }
  };
  await Promise.all(sockets.map(sendUntilDone));
}

/**
 * Sends on schedule. A request that finds no socket free waits here, and its wait counts: latency is measured from
 * the moment at which the request was due. The loop spins instead of sleeping, for timers are 1 ms coarse.
 */
function openLoop({ sockets, requests, samples, perSecond }: Loop & { perSecond: number }): Promise<void> {
  const free = [...sockets];
  const startMs = performance.now();
  const dueMs = (turn: number) => startMs + (turn * 1_000) / perSecond;
  return new Promise((resolve, reject) => {
    const send = (socket: HttpSocket) => {
      const due = dueMs(samples.begun);
      const turn = samples.begin(performance.now() - due);
      socket.ask(requests[turn % requests.length] ?? Buffer.alloc(0)).then(() => {
        samples.end(performance.now() - due);
        free.push(socket);
        if (samples.allEnded) resolve();
      }, reject);
    };
    const sendWhatIsDue = () => {
      while (!samples.allBegun && performance.now() >= dueMs(samples.begun)) {
        const socket = free.pop();
        if (socket === undefined) return;
        send(socket);
      }
    };
    const spin = () => {
      sendWhatIsDue();
      if (!samples.allBegun) setImmediate(spin);
    };
    spin();
  });
}
