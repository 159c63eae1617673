import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { median, quantile } from "../../../bench/figures.ts";
import { expectBalance, expectNothingLost } from "./nothing-lost.ts";
import { startOwnPostgres } from "./own-postgres.ts";
import { type SidecarProcess, startSidecar } from "./sidecar-process.ts";
import { routeBodies, type SteadyLoad, startLoad } from "./steady-load.ts";

export interface AwayOptions {
  /** Requests a second. */
  readonly perSecond: number;
  /** How long the database is away, in milliseconds. */
  readonly awayMs: number;
  /** How often it goes away for an even part of that, so that other things on the machine fall on both alike. */
  readonly phases: number;
  /** Largest median latency without the database, as a multiple of that with it; null where it is only printed. */
  readonly maxRatio: number | null;
  readonly progress: (line: string) => void;
}

/** One request in ten has a text that makes a row of more than 12 KB. */
const CHARS = [300, 300, 600, 600, 600, 1_000, 1_000, 2_000, 3_000, 11_000] as const;
const WANTED_P95_BYTES = 12_000;
/** Longest time that a backlog may take, as a multiple of the time in which it came, and beside that, in milliseconds. */
const DRAIN_SHARE = 3;
const DRAIN_MS = 60_000;
/** What the callback waits for an answer, in milliseconds: who takes so much longer than with the database is missed. */
const DEADLINE_MS = 250;

/** Serves without the database for a while, again and again, and looks whether anybody noticed. */
export async function databaseAway(options: AwayOptions): Promise<void> {
  const { perSecond, awayMs, phases, maxRatio, progress } = options;
  await using stack = new AsyncDisposableStack();
  const postgres = await startOwnPostgres();
  stack.defer(postgres.stop);
  const collector = { store_text: "full", outbox_max_mb: 32_768 };
  const sidecar = await startSidecar({ databaseUrl: postgres.url, collector });
  stack.defer(sidecar.remove);
  const load = startLoad({ port: sidecar.port, perSecond, bodies: routeBodies(CHARS) });
  stack.defer(load.stop);
  await sleep(2_000);
  load.takeLatencies();
  const ratios: number[] = [];
  for (let phase = 1; phase <= phases; phase += 1) {
    const phaseMs = awayMs / phases;
    const before = await measure(load, Math.min(phaseMs, 60_000));
    await postgres.proxy.cut();
    const away = await measure(load, phaseMs);
    const log = await sidecar.status();
    expectBalance(log);
    const p95 = phase === 1 ? p95OfLines(sidecar) : null;
    if (p95 !== null) expect(p95).toBeGreaterThan(WANTED_P95_BYTES);
    await postgres.proxy.restore();
    const backMs = performance.now();
    load.takeLatencies();
    await sidecar.drained(DRAIN_MS + phaseMs * DRAIN_SHARE, perSecond / 2);
    const drainMs = performance.now() - backMs;
    const draining = figuresOf(load.takeLatencies());
    expect(away.p50).toBeLessThan(before.p50 + DEADLINE_MS);
    ratios.push(away.p50 / before.p50);
    progress(
      `${phase}: away for ${seconds(phaseMs)}, ${log.decisions.waiting} rows waited (${mb(log.outbox.bytes)}` +
        `${p95 === null ? "" : `, 95 % of the lines below ${p95} bytes`}), stored ${seconds(drainMs)} later; ` +
        `p50/p99 with the database ${show(before)}, without ${show(away)}, while draining ${show(draining)} ms`,
    );
  }
  await load.stop();
  const log = await sidecar.drained(DRAIN_MS);
  expectBalance(log);
  expect(log.decisions.dropped).toEqual({});
  expect(load.failures).toEqual([]);
  expectNothingLost(load.answeredIds, await postgres.decisionIds());
  const ratio = median(ratios);
  progress(
    `${load.answeredIds.length} answered and stored; p50 without the database ${ratio.toFixed(3)} times`,
  );
  if (maxRatio !== null) expect(ratio).toBeLessThan(maxRatio);
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
}

async function measure(load: SteadyLoad, ms: number): Promise<Figures> {
  load.takeLatencies();
  await sleep(ms);
  return figuresOf(load.takeLatencies());
}

function figuresOf(latencies: readonly number[]): Figures {
  const sorted = Float64Array.from(latencies).sort();
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

/** Of the lines that wait in the newest complete segment, or in the one that is written to. */
function p95OfLines({ stateDir }: SidecarProcess): number {
  const folder = join(stateDir, "outbox", "1");
  const file = readdirSync(folder).find((name) => name.startsWith("routing_logs-")) ?? "";
  const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
  return quantile(Float64Array.from(lines, (line) => Buffer.byteLength(line)).sort(), 0.95);
}

function show({ p50, p99 }: Figures): string {
  return `${p50.toFixed(2)}/${p99.toFixed(1)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
