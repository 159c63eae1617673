import { mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { residentMb } from "../../../bench/process-figures.ts";
import { createRandom } from "../../../src/learn/random.ts";
import { endChild, startChild, waitForReady } from "../../e2e/support/child.ts";
import { sidecarCommand } from "../../e2e/support/commands.ts";
import { freePort } from "../../e2e/support/listen.ts";
import { INSPECTED, liveHeapMb } from "./live-heap.ts";
import { routeBodies, startLoad } from "./steady-load.ts";

export interface ReloadOptions {
  /** Files that are put in force. */
  readonly good: number;
  /** Files with random damage; some stay valid. */
  readonly mutated: number;
  readonly progress: (line: string) => void;
}

const PER_SECOND = 200;
/** Growth of what is alive in the heap from a tenth of the reloads to their end: of 50 MB, a policy has 0.7. */
const MAX_HEAP_GROWTH = 0.05;
/** Growth of resident memory in that time: V8 and the allocator take it in steps and give little back. */
const MAX_RESIDENT_GROWTH = 0.6;
/** A handle lost a file would be 57 in the short run. */
const MAX_HANDLES_GROWTH = 20;

const statusSchema = z.object({
  policy: z.object({
    revision: z.string(),
    reloads: z.object({ applied: z.int(), unchanged: z.int(), refused: z.int() }),
  }),
});

/** Changes gateway.yaml again and again while requests are decided: none fails, nothing ends, nothing leaks. */
export async function reloadUnderLoad({ good, mutated, progress }: ReloadOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const sidecar = await startSidecar(stack);
  const load = startLoad({ port: sidecar.port, perSecond: PER_SECOND, bodies: routeBodies([200, 2_000]) });
  stack.defer(load.stop);
  const random = createRandom(7);
  const total = good + mutated;
  const every = Math.max(1, Math.round(total / good));
  const samples: Sample[] = [];
  let valid = 0;
  for (let round = 0; round < total; round += 1) {
    const isGood = round % every === 0;
    const revision = (await sidecar.status()).revision;
    const status = await sidecar.reload(isGood ? goodText(round) : mutate(goodText(round), random));
    expect(isGood ? [200] : [200, 422]).toContain(status);
    if (status === 200) valid += 1;
    else expect((await sidecar.status()).revision).toBe(revision);
    if (round % Math.ceil(total / 20) === 0) {
      samples.push(await sidecar.sample());
      progress(
        `${round} of ${total} files, ${load.answeredIds.length} decisions, ${describe(samples.at(-1))}`,
      );
    }
  }
  const latencies = load.takeLatencies().sort((a, b) => a - b);
  await load.stop();
  const { reloads } = await sidecar.status();
  const end = await sidecar.sample();
  progress(
    `${reloads.applied} applied, ${reloads.unchanged} unchanged, ${reloads.refused} refused; ` +
      `${load.answeredIds.length} decisions, the slowest ${latencies.at(-1)?.toFixed(0)} ms, ${describe(end)}`,
  );
  expect(load.failures).toEqual([]);
  expect(load.answeredIds.length).toBeGreaterThan(0);
  expect(reloads.applied + reloads.unchanged).toBeGreaterThanOrEqual(valid);
  expect(reloads.refused).toBeGreaterThan(mutated / 4);
  expectFlat(samples, end);
}

interface Sample {
  readonly heapMb: number;
  readonly residentMb: number;
  /** Without connections: of those the load has the more the slower the machine is. */
  readonly handles: number;
}

function expectFlat(samples: readonly Sample[], end: Sample): void {
  const [, , warm] = samples;
  if (warm === undefined) throw new Error("Cannot compare: found fewer than three samples");
  expect(end.heapMb).toBeLessThan(warm.heapMb * (1 + MAX_HEAP_GROWTH));
  expect(end.residentMb).toBeLessThan(warm.residentMb * (1 + MAX_RESIDENT_GROWTH));
  expect(end.handles).toBeLessThanOrEqual(warm.handles + MAX_HANDLES_GROWTH);
}

const describe = (sample: Sample | undefined) =>
  `${sample?.heapMb.toFixed(1)} MB alive, ${sample?.residentMb.toFixed(0)} MB resident, ${sample?.handles} handles`;

async function startSidecar(stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-reload-"));
  stack.defer(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, goodText(0));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = sidecarCommand(folder, {
    SIGNALBOX_CONFIG: file,
    SIGNALBOX_PORT: String(port),
    SIGNALBOX_STATE_DIR: join(folder, "state"),
    LOG_LEVEL: "warn",
  });
  const child = startChild({ ...command, args: [INSPECTED, ...command.args] });
  stack.defer(() => endChild(child, "SIGTERM"));
  await waitForReady(child, { url: `${url}/healthz/ready`, logFile: command.logFile, limitMs: 30_000 });
  return {
    port,
    status: async () => statusSchema.parse(await (await fetch(`${url}/v1/status`)).json()).policy,
    /** Puts another file in the place of the old one and has it read; gives the status of the answer. */
    reload: async (text: string | Uint8Array) => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
      return (await fetch(`${url}/v1/reload`, { method: "POST" })).status;
    },
    sample: async (): Promise<Sample> => ({
      heapMb: await liveHeapMb(command.logFile),
      residentMb: residentMb(child.pid ?? 0).now,
      handles: handlesOf(child.pid ?? 0),
    }),
  };
}

/** Files, pipes and the like. */
function handlesOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => !isSocket(join(folder, fd))).length;
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith("socket:");
  } catch {
    // Closed since it was listed.
    return true;
  }
}

function goodText(round: number): string {
  const high = 20 + (round % 60);
  return `model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, ${high}], model: small}
    complex: {score_range: [${high + 1}, 100], model: large}
  aliases: {auto: auto_route, best: large}
  auto_route_patterns: ["gpt-*"]
  conversation: {downgrade_after: ${round % 9}}
  collector: {enabled: false}
`;
}

/** Cuts, doubles, moves or overwrites a random part, as a broken disk, editor or template would. */
function mutate(text: string, random: () => number): Uint8Array {
  const bytes = Buffer.from(text);
  const at = Math.floor(random() * bytes.length);
  const part = bytes.subarray(at, at + 1 + Math.floor(random() * 40));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (Math.floor(random() * 5)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, after.subarray(part.length)]);
    case 2:
      return Buffer.concat([before, part, after]);
    case 3:
      return Buffer.concat([before, Buffer.from([Math.floor(random() * 256)]), after.subarray(1)]);
    default:
      return Buffer.concat([part, before, after.subarray(part.length)]);
  }
}
