import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { endChild, startChild, waitForReady } from "../test/e2e/support/child.ts";
import { sidecarCommand } from "../test/e2e/support/commands.ts";
import { freePort } from "../test/e2e/support/listen.ts";
import { until } from "../test/e2e/support/until.ts";
import { CATALOG } from "./envelopes.ts";
import { pidOf } from "./server-process.ts";
import type { Workplace } from "./workplace.ts";

/** The policy that everything is measured with. */
export const POLICY_FILE = join(import.meta.dirname, "fixtures/gateway.yaml");

const statusSchema = z.object({
  log: z.object({
    decisions: z.object({
      accepted: z.int(),
      stored: z.int(),
      waiting: z.int(),
      dropped: z.record(z.string(), z.int()),
    }),
  }),
});

type LogStatus = z.infer<typeof statusSchema>["log"]["decisions"];

/** The real sidecar in a process of its own, its log in a real PostgreSQL. */
export interface SidecarProcess {
  readonly port: number;
  readonly pid: number;
  /** Waits until every decision is stored, so that the next round starts with an idle database. */
  drained(): Promise<LogStatus>;
  /** What became of the decisions so far. */
  log(): Promise<LogStatus>;
  close(): Promise<void>;
}

/** Longest start, migrations included, and longest wait for the log, in milliseconds. */
const START_MS = 30_000;
const DRAIN_MS = 60_000;

/** Starts the sidecar as `signalbox serve` does, and gives it a catalogue as the callback would. */
export async function startSidecarProcess({ folder, databaseUrl }: Workplace): Promise<SidecarProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await copyFile(POLICY_FILE, join(folder, "gateway.yaml"));
  const command = sidecarCommand(folder, {
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_PORT: String(port),
    SIGNALBOX_STATE_DIR: join(folder, "state"),
    DATABASE_URL: databaseUrl,
  });
  const child = startChild(command);
  await waitForReady(child, {
    url: `${url}/healthz/ready`,
    logFile: command.logFile,
    limitMs: START_MS,
  });
  await putCatalog(url);
  const drained = () => until("an empty queue of the log", DRAIN_MS, () => emptyLog(url));
  const log = () => readLog(url);
  return { port, pid: pidOf(child), drained, log, close: () => endChild(child, "SIGTERM") };
}

async function putCatalog(url: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/v1/catalog`, { method: "PUT", headers, body: JSON.stringify(CATALOG) });
  if (!answer.ok) throw new Error(`Cannot put the catalogue: found ${answer.status}, expected 200`);
}

async function emptyLog(url: string): Promise<LogStatus | null> {
  const log = await readLog(url);
  return log.waiting === 0 ? log : null;
}

async function readLog(url: string): Promise<LogStatus> {
  const answer = await fetch(`${url}/v1/status`);
  return statusSchema.parse(await answer.json()).log.decisions;
}
