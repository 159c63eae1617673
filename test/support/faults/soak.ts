import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { spreadOf } from "../../../bench/figures.ts";
import { residentMb } from "../../../bench/process-figures.ts";
import { expectBalance, expectNothingLost } from "./nothing-lost.ts";
import { startOwnPostgres } from "./own-postgres.ts";
import { type SidecarProcess, startSidecar } from "./sidecar-process.ts";
import { routeBodies, startLoad } from "./steady-load.ts";

export interface SoakOptions {
  readonly durationMs: number;
  readonly sampleEveryMs: number;
  readonly progress: (line: string) => void;
}

interface Sample {
  readonly atS: number;
  readonly residentMb: number;
  readonly handles: number;
  readonly outboxMb: number;
}

const PER_SECOND = 500;
/** The first part of the samples, in which caches fill and code is compiled. */
const WARM_UP_SHARE = 0.2;
/** Growth from the first to the last quarter of the rest. */
const MAX_MEMORY_GROWTH = 0.1;
const MAX_HANDLES_GROWTH = 5;
const MAX_OUTBOX_MB = 34;

/** Serves for a long time, and looks whether memory, open handles or the outbox grow. */
export async function soak({ durationMs, sampleEveryMs, progress }: SoakOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startOwnPostgres();
  stack.defer(postgres.stop);
  const sidecar = await startSidecar({ databaseUrl: postgres.url });
  stack.defer(sidecar.remove);
  const load = startLoad({
    port: sidecar.port,
    perSecond: PER_SECOND,
    bodies: routeBodies([200, 400, 1_000, 4_000]),
  });
  stack.defer(load.stop);
  const samples: Sample[] = [];
  const startedMs = performance.now();
  while (performance.now() - startedMs < durationMs) {
    await sleep(sampleEveryMs);
    const sample = await take(sidecar, (performance.now() - startedMs) / 1_000);
    samples.push(sample);
    if (samples.length % 6 === 0) progress(describe(sample));
  }
  await load.stop();
  const log = await sidecar.drained(30_000);
  expectBalance(log);
  expect(load.failures).toEqual([]);
  expectNothingLost(load.answeredIds, await postgres.decisionIds());
  progress(`${load.answeredIds.length} answered and stored`);
  expectFlat(samples, progress);
}

async function take(sidecar: SidecarProcess, atS: number): Promise<Sample> {
  const log = await sidecar.status();
  expectBalance(log);
  return {
    atS,
    residentMb: residentMb(sidecar.pid).now,
    handles: readdirSync(`/proc/${sidecar.pid}/fd`).length,
    outboxMb: log.outbox.bytes / 1e6,
  };
}

function expectFlat(samples: readonly Sample[], progress: (line: string) => void): void {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const quarter = Math.ceil(warm.length / 4);
  const growth = (pick: (sample: Sample) => number) => {
    const [first, last] = [warm.slice(0, quarter), warm.slice(-quarter)];
    return { from: spreadOf(first.map(pick)).median, to: spreadOf(last.map(pick)).median };
  };
  const memory = growth((sample) => sample.residentMb);
  const handles = growth((sample) => sample.handles);
  const outbox = Math.max(...warm.map(({ outboxMb }) => outboxMb));
  const minutes = ((warm.at(-1)?.atS ?? 0) - (warm[0]?.atS ?? 0)) / 60;
  const slope = (memory.to - memory.from) / (minutes * 0.75);
  progress(
    `resident memory ${memory.from.toFixed(0)} MB in the first quarter, ${memory.to.toFixed(0)} MB in the last ` +
      `(${slope.toFixed(2)} MB a minute); handles ${handles.from}, then ${handles.to}; ` +
      `outbox at most ${outbox.toFixed(1)} MB`,
  );
  expect(memory.to).toBeLessThan(memory.from * (1 + MAX_MEMORY_GROWTH));
  expect(handles.to).toBeLessThanOrEqual(handles.from + MAX_HANDLES_GROWTH);
  expect(outbox).toBeLessThan(MAX_OUTBOX_MB);
}

function describe({ atS, residentMb, handles, outboxMb }: Sample): string {
  return `${atS.toFixed(0)} s: ${residentMb.toFixed(0)} MB resident, ${handles} handles, ${outboxMb.toFixed(1)} MB waiting`;
}
