import { envelopesOfSize } from "./envelopes.ts";
import { ratios, type Spread, showSpread, spreadOf } from "./figures.ts";
import { type LoadGenerator, type LoadResult, type Pace, startLoadGenerator } from "./load.ts";
import { cpuSeconds, residentMb } from "./process-figures.ts";
import { type Aim, type BenchOptions, type Report, scaled } from "./report.ts";
import { startServerProcess } from "./server-process.ts";
import { type SidecarProcess, startSidecarProcess } from "./sidecar.ts";
import type { Table } from "./table.ts";
import { openWorkplace } from "./workplace.ts";

/** What the sidecar has to keep to. */
const MAX_RATIO_P50 = 2;
const MAX_P99_MS = 1;
const MAX_RESIDENT_MB = 150;

const OFFERED_PER_SECOND = 2_000;
const ROUNDS = 5;
/** Different bodies that are sent in turn. */
const BODIES = 32;

/** One way of loading both servers. */
interface Scenario {
  readonly bodyBytes: number;
  readonly load: string;
  readonly connections: number;
  readonly pace: Pace;
}

/** What a round measured of one server. */
interface Round extends LoadResult {
  /** Processor time per request, in microseconds. */
  readonly cpuUs: number;
  readonly residentMb: number;
}

interface Measured {
  readonly scenario: Scenario;
  readonly echo: readonly Round[];
  readonly sidecar: readonly Round[];
}

/** Measures POST /v1/route beside a bare node:http echo of the same bytes, in turns. */
export async function benchRoute({ progress, effort }: BenchOptions): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  progress("route: starting PostgreSQL, the sidecar and the echo");
  const sidecar = await startSidecarProcess(await openWorkplace(stack));
  stack.defer(sidecar.close);
  const echo = await startServerProcess("echo-process.ts");
  stack.defer(echo.close);
  const generator = startLoadGenerator();
  stack.defer(generator.close);
  const measured: Measured[] = [];
  for (const scenario of scenarios(effort)) {
    const rounds = scaled(ROUNDS, effort, 1);
    progress(`route: ${scenario.bodyBytes} bytes, ${scenario.load}, ${rounds} rounds of each`);
    measured.push(await measure(scenario, { rounds, generator, sidecar, echo }));
  }
  const log = await sidecar.drained();
  return reportOf(measured, { log, peakMb: residentMb(sidecar.pid).peak });
}

function scenarios(effort: number): Scenario[] {
  return [2_048, 65_536].flatMap((bodyBytes) => {
    const share = bodyBytes > 10_000 ? effort / 4 : effort;
    const closed = (requests: number): Pace => ({ kind: "closed", requests: scaled(requests, share, 500) });
    const offered = scaled(5 * OFFERED_PER_SECOND, effort, OFFERED_PER_SECOND);
    const open: Pace = { kind: "open", perSecond: OFFERED_PER_SECOND, requests: offered };
    // The offered rate comes first: a closed loop fills the queue of the log, and memory grows with it.
    return [
      { bodyBytes, load: "2,000/s offered", connections: 64, pace: open },
      { bodyBytes, load: "closed, 1 connection", connections: 1, pace: closed(8_000) },
      { bodyBytes, load: "closed, 8 connections", connections: 8, pace: closed(20_000) },
    ];
  });
}

interface Servers {
  readonly rounds: number;
  readonly generator: LoadGenerator;
  readonly sidecar: SidecarProcess;
  readonly echo: { readonly port: number; readonly pid: number };
}

async function measure(scenario: Scenario, { rounds, generator, sidecar, echo }: Servers): Promise<Measured> {
  const bodies = envelopesOfSize(scenario.bodyBytes, BODIES);
  const { connections, pace } = scenario;
  const load = (port: number) =>
    generator.run({ port, path: "/v1/route", headers: {}, bodies, connections, pace });
  const measured = { scenario, echo: [] as Round[], sidecar: [] as Round[] };
  for (let round = 0; round <= rounds; round += 1) {
    const echoed = await measureRound(echo.pid, pace.requests, () => load(echo.port));
    const routed = await measureRound(sidecar.pid, pace.requests, () => load(sidecar.port));
    await sidecar.drained();
    // The first round warms both up.
    if (round === 0) continue;
    measured.echo.push(echoed);
    measured.sidecar.push(routed);
  }
  return measured;
}

async function measureRound(pid: number, requests: number, load: () => Promise<LoadResult>): Promise<Round> {
  const before = cpuSeconds(pid);
  const result = await load();
  const cpuUs = ((cpuSeconds(pid) - before) / requests) * 1_000_000;
  return { ...result, cpuUs, residentMb: residentMb(pid).now };
}

function reportOf(
  measured: readonly Measured[],
  after: { readonly log: Awaited<ReturnType<SidecarProcess["drained"]>>; readonly peakMb: number },
): Report {
  const { log, peakMb } = after;
  const lost = Object.values(log.dropped).reduce((sum, count) => sum + count, 0);
  return {
    title: "POST /v1/route",
    method:
      "The sidecar as `signalbox serve` runs it, static classifier, its log going to a real PostgreSQL, beside a bare " +
      "`node:http` server that answers the bytes that it got. Bodies as the callback sends them, figures included. " +
      "Both are loaded in turns by one process over raw sockets; latency at an offered rate counts from the moment " +
      "at which a request was due. Median of the rounds, their range in brackets; ratios are taken round by round. " +
      "Client, server and database share the cores.",
    aims: aimsOf(measured),
    tables: [
      {
        caption: "Latency in ms, processor time of the server in µs a request:",
        table: latencyTable(measured),
      },
      { caption: "Sidecar divided by echo:", table: ratioTable(measured) },
      {
        caption: "Memory of the sidecar in MB, and its log:",
        table: memoryTable(measured, { log, peakMb, lost }),
      },
    ],
  };
}

function aimsOf(measured: readonly Measured[]): Aim[] {
  const at = (bodyBytes: number, load: string) =>
    measured.filter(({ scenario }) => scenario.bodyBytes === bodyBytes && scenario.load.includes(load));
  return [2_048, 65_536].flatMap((bytes) => [
    ...at(bytes, "closed, 1 ").map(({ echo, sidecar }): Aim => {
      const ratio = spreadOf(ratios(p50(sidecar), p50(echo)));
      const what = `p50 beside the echo, ${bytes} bytes, 1 connection`;
      const measuredText = `${showSpread(ratio, 2)} times`;
      return {
        what,
        wanted: `at most ${MAX_RATIO_P50} times`,
        measured: measuredText,
        isMet: ratio.median <= MAX_RATIO_P50,
      };
    }),
    ...at(bytes, "offered").flatMap(({ sidecar }): Aim[] => {
      const p99 = spreadOf(sidecar.map(({ p99Ms }) => p99Ms));
      const memory = spreadOf(sidecar.map((round) => round.residentMb));
      return [
        {
          what: `p99 at 2,000/s offered, ${bytes} bytes`,
          wanted: `below ${MAX_P99_MS} ms`,
          measured: `${showSpread(p99, 2)} ms`,
          isMet: p99.median < MAX_P99_MS,
        },
        {
          what: `resident memory at 2,000/s, ${bytes} bytes`,
          wanted: `below ${MAX_RESIDENT_MB} MB`,
          measured: `${showSpread(memory, 0)} MB`,
          isMet: memory.max < MAX_RESIDENT_MB,
        },
      ];
    }),
  ]);
}

function p50(rounds: readonly Round[]): number[] {
  return rounds.map(({ p50Ms }) => p50Ms);
}

function latencyTable(measured: readonly Measured[]): Table {
  const row = (name: string, { bodyBytes, load }: Scenario, rounds: readonly Round[]) => {
    const spread = (pick: (round: Round) => number): Spread => spreadOf(rounds.map(pick));
    return [
      `${bodyBytes} B, ${load}: ${name}`,
      showSpread(
        spread(({ p50Ms }) => p50Ms),
        3,
      ),
      showSpread(
        spread(({ p99Ms }) => p99Ms),
        2,
      ),
      showSpread(
        spread(({ p999Ms }) => p999Ms),
        2,
      ),
      showSpread(
        spread(({ perSecond }) => perSecond),
        0,
      ),
      showSpread(
        spread(({ cpuUs }) => cpuUs),
        0,
      ),
      showSpread(
        spread(({ lagP99Ms }) => lagP99Ms),
        2,
      ),
    ];
  };
  return {
    columns: ["load", "p50", "p99", "p99.9", "requests/s", "µs CPU", "client's own lag p99"],
    rows: measured.flatMap(({ scenario, echo, sidecar }) => [
      row("echo", scenario, echo),
      row("sidecar", scenario, sidecar),
    ]),
  };
}

function ratioTable(measured: readonly Measured[]): Table {
  return {
    columns: ["load", "p50", "p99", "requests/s", "CPU"],
    rows: measured.map(({ scenario, echo, sidecar }) => {
      const ratio = (pick: (round: Round) => number) =>
        showSpread(spreadOf(ratios(sidecar.map(pick), echo.map(pick))), 2);
      return [
        `${scenario.bodyBytes} B, ${scenario.load}`,
        ratio(({ p50Ms }) => p50Ms),
        ratio(({ p99Ms }) => p99Ms),
        ratio(({ perSecond }) => perSecond),
        ratio(({ cpuUs }) => cpuUs),
      ];
    }),
  };
}

function memoryTable(
  measured: readonly Measured[],
  after: {
    readonly log: { readonly accepted: number; readonly stored: number };
    readonly peakMb: number;
    readonly lost: number;
  },
): Table {
  const rows = measured.map(({ scenario, sidecar }) => [
    `resident after ${scenario.bodyBytes} B, ${scenario.load}`,
    showSpread(spreadOf(sidecar.map((round) => round.residentMb)), 0),
  ]);
  return {
    columns: ["what", "value"],
    rows: [
      ...rows,
      ["highest at any time", after.peakMb.toFixed(0)],
      ["decisions", String(after.log.accepted)],
      ["rows stored", String(after.log.stored)],
      ["rows dropped", String(after.lost)],
    ],
  };
}
