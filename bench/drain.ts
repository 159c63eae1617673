import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Backlog, prepareBacklog } from "./backlog.ts";
import { envelopesOfSize } from "./envelopes.ts";
import { type Spread, showSpread, spreadOf } from "./figures.ts";
import { type LoadGenerator, type LoadResult, startLoadGenerator } from "./load.ts";
import { cpuSeconds, residentMb } from "./process-figures.ts";
import { type BenchOptions, type Report, scaled } from "./report.ts";
import { type SidecarProcess, startSidecarProcess } from "./sidecar.ts";
import type { Table } from "./table.ts";
import { openWorkplace } from "./workplace.ts";

const MIN_ROWS_PER_SECOND = 20_000;
const MAX_P99_MS = 1;
const PER_SECOND = 1_000;
const CONNECTIONS = 64;
const BODY_BYTES = 2_048;
const BODIES = 32;
const BACKLOG_ROWS = 200_000;
const ROUNDS = 3;
/** How long the load lasts without a backlog, and with one at most, in seconds. */
const LOAD_S = 6;
const POLL_MS = 50;
const PATIENCE_MS = 180_000;

/** What a round measured, without a backlog and with one. */
interface Round {
  readonly quiet: LoadResult;
  readonly draining: LoadResult;
  /** Rows of the backlog alone that were stored per second while requests were served. */
  readonly rowsPerSecond: number;
  /** Share of one core that the sidecar used meanwhile. */
  readonly cores: number;
  readonly residentMb: number;
}

/** Measures how fast a backlog gets into PostgreSQL while decisions are served, and what that does to them. */
export async function benchDrain({ progress, effort }: BenchOptions): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  progress("drain: starting PostgreSQL and the sidecar");
  const workplace = await openWorkplace(stack);
  const sidecar = await startSidecarProcess(workplace);
  stack.defer(sidecar.close);
  const generator = startLoadGenerator();
  stack.defer(generator.close);
  const stateDir = join(workplace.folder, "state");
  const rows = scaled(BACKLOG_ROWS, effort, 20_000);
  const rounds: Round[] = [];
  let bytes = 0;
  for (let round = 0; round <= scaled(ROUNDS, effort, 1); round += 1) {
    progress(`drain: round ${round}, ${rows} rows`);
    const backlog = prepareBacklog({ stateDir, rows, bodyBytes: BODY_BYTES });
    bytes = backlog.bytes / backlog.rows;
    const measured = await measureRound({ sidecar, generator, backlog });
    // The first round warms everything up.
    if (round > 0) rounds.push(measured);
  }
  return reportOf(rounds, { rows, bytes });
}

interface Contenders {
  readonly sidecar: SidecarProcess;
  readonly generator: LoadGenerator;
  readonly backlog: Backlog;
}

async function measureRound({ sidecar, generator, backlog }: Contenders): Promise<Round> {
  const bodies = envelopesOfSize(BODY_BYTES, BODIES);
  const load = (seconds: number) =>
    generator.run({
      port: sidecar.port,
      path: "/v1/route",
      headers: {},
      bodies,
      connections: CONNECTIONS,
      pace: { kind: "open", perSecond: PER_SECOND, requests: PER_SECOND * seconds },
    });
  const quiet = await load(LOAD_S);
  await sidecar.drained();
  const before = await sidecar.log();
  backlog.offer();
  await reached(async () => (await sidecar.log()).accepted >= before.accepted + backlog.rows);
  const [startedMs, usedS] = [performance.now(), cpuSeconds(sidecar.pid)];
  const foundAt = await sidecar.log();
  // As long as the backlog is sure to last: what comes after it is no draining.
  const seconds = Math.max(1, Math.min(LOAD_S, Math.floor(backlog.rows / 30_000)));
  const draining = await load(seconds);
  const duringS = (performance.now() - startedMs) / 1_000;
  const after = await sidecar.log();
  const cores = (cpuSeconds(sidecar.pid) - usedS) / duringS;
  const rowsPerSecond = (after.stored - foundAt.stored) / duringS;
  await reached(async () => (await sidecar.log()).waiting === 0);
  return { quiet, draining, rowsPerSecond, cores, residentMb: residentMb(sidecar.pid).now };
}

async function reached(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("Cannot go on: the backlog did not move");
    await sleep(POLL_MS);
  }
}

function reportOf(
  rounds: readonly Round[],
  shape: { readonly rows: number; readonly bytes: number },
): Report {
  const rate = spreadOf(rounds.map(({ rowsPerSecond }) => rowsPerSecond));
  const p99 = spreadOf(rounds.map(({ draining }) => draining.p99Ms));
  return {
    title: "Draining a backlog",
    method:
      `${shape.rows} rows of real decisions (${Math.round(shape.bytes)} bytes a line on average) wait in the outbox, and ` +
      `go into a PostgreSQL with its usual durability while the sidecar serves ${PER_SECOND} decisions a second, whose own ` +
      "rows are stored too. Beside it the same load without a backlog. Latency counts from the moment at which a " +
      "request was due. Median of the rounds, their range in brackets. Client, server and database share the cores.",
    aims: [
      {
        what: `rows stored per second while ${PER_SECOND}/s are served`,
        wanted: `at least ${MIN_ROWS_PER_SECOND}`,
        measured: showSpread(rate, 0),
        isMet: rate.median >= MIN_ROWS_PER_SECOND,
      },
      {
        what: `p99 at ${PER_SECOND}/s while draining`,
        wanted: `below ${MAX_P99_MS} ms`,
        measured: `${showSpread(p99, 2)} ms`,
        isMet: p99.median < MAX_P99_MS,
      },
    ],
    tables: [{ caption: "Latency of POST /v1/route in ms:", table: latencyTable(rounds) }],
  };
}

function latencyTable(rounds: readonly Round[]): Table {
  const spread = (pick: (round: Round) => number, digits: number): string => {
    const figures: Spread = spreadOf(rounds.map(pick));
    return showSpread(figures, digits);
  };
  const row = (name: string, pick: (round: Round) => LoadResult) => [
    name,
    spread((round) => pick(round).p50Ms, 3),
    spread((round) => pick(round).p99Ms, 2),
    spread((round) => pick(round).p999Ms, 2),
    spread((round) => pick(round).maxMs, 1),
    spread((round) => pick(round).lagP99Ms, 2),
  ];
  return {
    columns: ["load", "p50", "p99", "p99.9", "max", "client's own lag p99"],
    rows: [
      row("without a backlog", ({ quiet }) => quiet),
      row("while draining", ({ draining }) => draining),
      ["cores that the sidecar used while draining", spread(({ cores }) => cores, 2), "", "", "", ""],
      ["resident memory afterwards, MB", spread((round) => round.residentMb, 0), "", "", "", ""],
    ],
  };
}
