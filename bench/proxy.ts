import { setTimeout as delay } from "node:timers/promises";
import { ensureTestPython } from "../scripts/python.ts";
import { longConversation, singleTurn } from "./envelopes.ts";
import { differences, ratios, showSpread, spreadOf } from "./figures.ts";
import { type Contender, LITELLM_KEY, type LitellmProcess, startLitellmProcess } from "./litellm.ts";
import { type LoadGenerator, type LoadResult, startLoadGenerator } from "./load.ts";
import { cpuSeconds } from "./process-figures.ts";
import { type Aim, type BenchOptions, type Report, scaled } from "./report.ts";
import { startServerProcess } from "./server-process.ts";
import { type SidecarProcess, startSidecarProcess } from "./sidecar.ts";
import type { Table } from "./table.ts";
import { openWorkplace } from "./workplace.ts";

/** What Signalbox may add to LiteLLM's own processor time at 2 KB, and what it has to leave of its throughput. */
const MAX_ADDED_CPU_MS = 2;
const MIN_THROUGHPUT_SHARE = 0.9;

const ROUNDS = 5;
/** Different prompts that are sent in turn. */
const PROMPTS = 8;
/** After a round LiteLLM still writes its own logs: their processor time belongs to the round. */
const SETTLE_MS = 500;

const CONTENDERS = ["alone", "own-router", "signalbox"] as const;

const NAMES: Readonly<Record<Contender, string>> = {
  alone: "LiteLLM alone",
  "own-router": "with its own router",
  signalbox: "with Signalbox",
};

interface Scenario {
  readonly promptKb: number;
  readonly connections: number;
  readonly requests: number;
  readonly bodies: readonly string[];
}

interface Round extends LoadResult {
  /** Processor time of the LiteLLM process per request, in milliseconds. */
  readonly cpuMs: number;
  /** Processor time of the sidecar per request, in milliseconds; of no meaning where it takes no part. */
  readonly sidecarCpuMs: number;
  /** Share of the requests that the sidecar decided, 0..1: below 1 the callback gave up on some. */
  readonly decidedShare: number;
}

interface Measured {
  readonly scenario: Scenario;
  readonly rounds: Readonly<Record<Contender, readonly Round[]>>;
}

/** Measures what a request costs LiteLLM: alone, with its own complexity router, and with Signalbox. */
export async function benchProxy({ progress, effort }: BenchOptions): Promise<Report> {
  process.env.SIGNALBOX_PYTHON_BIN ??= await ensureTestPython();
  await using stack = new AsyncDisposableStack();
  const place = await openWorkplace(stack);
  const sidecar = await startSidecarProcess(place);
  stack.defer(sidecar.close);
  const upstream = await startServerProcess("upstream-process.ts");
  stack.defer(upstream.close);
  const generator = startLoadGenerator();
  stack.defer(generator.close);
  const env = {
    BENCH_UPSTREAM: `http://127.0.0.1:${upstream.port}/v1`,
    SIGNALBOX_URL: `http://127.0.0.1:${sidecar.port}`,
  };
  const proxies: LitellmProcess[] = [];
  for (const contender of CONTENDERS) {
    progress(`proxy: starting LiteLLM ${contender}`);
    const proxy = await startLitellmProcess(contender, { folder: place.folder, env });
    stack.defer(proxy.close);
    proxies.push(proxy);
  }
  const measured: Measured[] = [];
  for (const scenario of scenarios(effort)) {
    const { promptKb, connections, requests } = scenario;
    const rounds = scaled(ROUNDS, effort, 1);
    progress(
      `proxy: ${promptKb} KB, concurrency ${connections}, ${rounds} rounds of ${requests} requests each`,
    );
    measured.push(await measure(scenario, { rounds, proxies, sidecar, generator }));
  }
  return reportOf(measured);
}

function scenarios(effort: number): Scenario[] {
  const small = Array.from({ length: PROMPTS }, (_, at) => chatBody(singleTurn(1_970, at + 1)));
  // A system text, 128 earlier turns with their answers, and the newest: 400,000 characters.
  const large = Array.from({ length: PROMPTS }, (_, at) => chatBody(longConversation(128, 1_000 * at + 1)));
  return [1, 8].flatMap((connections) => [
    { promptKb: 2, connections, requests: scaled(200, effort, 20), bodies: small },
    { promptKb: 400, connections, requests: scaled(32, effort, 8), bodies: large },
  ]);
}

function chatBody(messages: ReturnType<typeof singleTurn>): string {
  return JSON.stringify({ model: "auto", messages, max_tokens: 500 });
}

interface Servers {
  readonly rounds: number;
  readonly proxies: readonly LitellmProcess[];
  readonly sidecar: SidecarProcess;
  readonly generator: LoadGenerator;
}

async function measure(scenario: Scenario, servers: Servers): Promise<Measured> {
  const rounds = { alone: [] as Round[], "own-router": [] as Round[], signalbox: [] as Round[] };
  for (let round = 0; round <= servers.rounds; round += 1) {
    for (const proxy of servers.proxies) {
      const measured = await measureRound(scenario, { ...servers, proxy });
      // The first round warms all up.
      if (round > 0) rounds[proxy.contender].push(measured);
    }
  }
  return { scenario, rounds };
}

async function measureRound(
  { connections, requests, bodies }: Scenario,
  { proxy, sidecar, generator }: Servers & { readonly proxy: LitellmProcess },
): Promise<Round> {
  const decidedBefore = (await sidecar.drained()).accepted;
  const before = [cpuSeconds(proxy.pid), cpuSeconds(sidecar.pid)] as const;
  const result = await generator.run({
    port: proxy.port,
    path: "/v1/chat/completions",
    headers: { Authorization: `Bearer ${LITELLM_KEY}` },
    bodies,
    connections,
    pace: { kind: "closed", requests },
  });
  await delay(SETTLE_MS);
  const cpuMs = ((cpuSeconds(proxy.pid) - before[0]) / requests) * 1_000;
  const sidecarCpuMs = ((cpuSeconds(sidecar.pid) - before[1]) / requests) * 1_000;
  const decidedShare = ((await sidecar.drained()).accepted - decidedBefore) / requests;
  return { ...result, cpuMs, sidecarCpuMs, decidedShare };
}

function reportOf(measured: readonly Measured[]): Report {
  return {
    title: "A request through LiteLLM",
    method:
      "Three LiteLLM proxies of one worker each, started once, loaded in turns with plain chat requests for `auto`; a " +
      "provider that answers at once stands behind all of them. Processor time is user and system time of all threads " +
      "of the LiteLLM process over a fixed number of requests. Median of the rounds, their range in brackets; " +
      "differences and shares are taken round by round. All processes share the cores.",
    aims: measured.flatMap(aimsOf),
    tables: measured.map((one) => ({ caption: captionOf(one.scenario), table: tableOf(one) })),
  };
}

function captionOf({ promptKb, connections }: Scenario): string {
  return `${promptKb} KB prompt, concurrency ${connections}; processor time and latency in ms a request:`;
}

function aimsOf({ scenario: { promptKb, connections }, rounds }: Measured): Aim[] {
  const added = spreadOf(differences(rounds.signalbox.map(cpuOf), rounds.alone.map(cpuOf)));
  const share = spreadOf(ratios(rounds.signalbox.map(throughputOf), rounds.alone.map(throughputOf)));
  const where = `${promptKb} KB, concurrency ${connections}`;
  const shareAim = {
    what: `share of LiteLLM's own throughput, ${where}`,
    wanted: `at least ${MIN_THROUGHPUT_SHARE * 100} %`,
    measured: `${showSpread(inPercent(share), 0)} %`,
    isMet: share.median >= MIN_THROUGHPUT_SHARE,
  };
  if (promptKb > 2) return [shareAim];
  const addedAim = {
    what: `processor time added to LiteLLM, ${where}`,
    wanted: `at most ${MAX_ADDED_CPU_MS} ms`,
    measured: `${showSpread(added, 1)} ms`,
    isMet: added.median <= MAX_ADDED_CPU_MS,
  };
  return [addedAim, shareAim];
}

function cpuOf({ cpuMs }: Round): number {
  return cpuMs;
}

function throughputOf({ perSecond }: Round): number {
  return perSecond;
}

function inPercent({ median, min, max }: ReturnType<typeof spreadOf>): ReturnType<typeof spreadOf> {
  return { median: median * 100, min: min * 100, max: max * 100 };
}

function tableOf({ rounds }: Measured): Table {
  const base = rounds.alone;
  return {
    columns: [
      "",
      "CPU",
      "CPU added",
      "p50",
      "p99",
      "requests/s",
      "share %",
      "CPU of the sidecar",
      "decided %",
    ],
    rows: CONTENDERS.map((contender) => {
      const own = rounds[contender];
      const spread = (pick: (round: Round) => number, digits: number) =>
        showSpread(spreadOf(own.map(pick)), digits);
      const share = spreadOf(ratios(own.map(throughputOf), base.map(throughputOf)));
      return [
        NAMES[contender],
        spread(cpuOf, 1),
        contender === "alone" ? "" : showSpread(spreadOf(differences(own.map(cpuOf), base.map(cpuOf))), 1),
        spread(({ p50Ms }) => p50Ms, 1),
        spread(({ p99Ms }) => p99Ms, 1),
        spread(throughputOf, 1),
        contender === "alone" ? "" : showSpread(inPercent(share), 0),
        contender === "signalbox" ? spread(({ sidecarCpuMs }) => sidecarCpuMs, 2) : "",
        contender === "signalbox" ? spread(({ decidedShare }) => decidedShare * 100, 0) : "",
      ];
    }),
  };
}
