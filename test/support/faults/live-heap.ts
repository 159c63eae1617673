import { once } from "node:events";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { until } from "../../e2e/support/until.ts";

/** Makes Node listen for an inspector on a free loopback port, whose address it writes to its standard error. */
export const INSPECTED = "--inspect=127.0.0.1:0";

const START_MS = 30_000;
const ADDRESS = /ws:\/\/127\.0\.0\.1:\d+\/\S+/;

const usageSchema = z.object({
  result: z.object({
    usedSize: z.number(),
    embedderHeapUsedSize: z.number(),
    backingStorageSize: z.number(),
  }),
});

/** What the main thread of a process that runs with `INSPECTED` holds once garbage is collected, in MB (10^6 bytes). */
export async function liveHeapMb(logFile: string): Promise<number> {
  const inspector = new WebSocket(await until("the inspector's address", START_MS, () => addressIn(logFile)));
  try {
    await once(inspector, "open");
    // What only a finalizer keeps goes with the second.
    await call(inspector, "HeapProfiler.collectGarbage");
    await call(inspector, "HeapProfiler.collectGarbage");
    const { result } = usageSchema.parse(await call(inspector, "Runtime.getHeapUsage"));
    return (result.usedSize + result.embedderHeapUsedSize + result.backingStorageSize) / 1_000_000;
  } finally {
    inspector.close();
  }
}

async function addressIn(logFile: string): Promise<string | null> {
  return ADDRESS.exec(readFileSync(logFile, "utf8"))?.[0] ?? null;
}

async function call(inspector: WebSocket, method: string): Promise<unknown> {
  const answered = once(inspector, "message");
  inspector.send(JSON.stringify({ id: 1, method }));
  const [{ data }] = await answered;
  return JSON.parse(z.string().parse(data));
}
