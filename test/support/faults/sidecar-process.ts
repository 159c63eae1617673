import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { endChild, hasEnded, logTail, startChild, waitForReady } from "../../e2e/support/child.ts";
import { sidecarCommand } from "../../e2e/support/commands.ts";
import { freePort } from "../../e2e/support/listen.ts";

const flowSchema = z.object({
  accepted: z.int(),
  stored: z.int(),
  waiting: z.int(),
  dropped: z.record(z.string(), z.int()),
});

const statusSchema = z.object({
  log: z.object({
    decisions: flowSchema,
    last_error: z.string().nullable(),
    outbox: z.object({ bytes: z.int(), segments: z.int(), disk_error: z.string().nullable() }),
    alarms: z.array(z.string()),
  }),
});

/** What GET /v1/status says of the log. */
export type LogStatus = z.infer<typeof statusSchema>["log"];

/** `signalbox serve` as a process that may be killed and started again, on the same port and folder. */
export interface SidecarProcess {
  readonly port: number;
  readonly pid: number;
  /** Holds the outbox, among others. */
  readonly stateDir: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  status(): Promise<LogStatus>;
  /** Waits until at most so many rows wait; until none does, and all tables have the database. @throws {Error} where more still wait after `limitMs`. */
  drained(limitMs: number, maxWaiting?: number): Promise<LogStatus>;
  /** Ends it as an operator does, and removes its folder. */
  remove(): Promise<void>;
}

export interface SidecarProcessOptions {
  readonly databaseUrl: string;
  /** Settings of `routing.collector`. */
  readonly collector?: Readonly<Record<string, unknown>>;
  /** A folder of its own by default. */
  readonly stateDir?: string;
}

const START_MS = 30_000;
const POLL_MS = 50;

/** Lays out a folder for a sidecar and starts it. */
export async function startSidecar(options: SidecarProcessOptions): Promise<SidecarProcess> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-sidecar-"));
  const { databaseUrl, stateDir = join(folder, "state"), collector = {} } = options;
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(folder, "gateway.yaml"), policyText(collector));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = sidecarCommand(folder, {
    SIGNALBOX_CONFIG: join(folder, "gateway.yaml"),
    SIGNALBOX_PORT: String(port),
    SIGNALBOX_STATE_DIR: stateDir,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
  });
  let child: ChildProcess | null = null;
  const start = async () => {
    child = startChild(command);
    const { logFile } = command;
    await waitForReady(child, { url: `${url}/healthz/ready`, logFile, limitMs: START_MS });
  };
  const status = async () => statusSchema.parse(await (await fetch(`${url}/v1/status`)).json()).log;
  await start();
  return {
    port,
    get pid() {
      return child?.pid ?? 0;
    },
    stateDir,
    start,
    kill: async () => {
      if (child === null || hasEnded(child))
        throw new Error(`The sidecar ended\n${logTail(command.logFile)}`);
      await endChild(child, "SIGKILL");
    },
    status,
    drained: (limitMs, maxWaiting = 0) => drained(status, { limitMs, maxWaiting }),
    remove: async () => {
      if (child !== null) await endChild(child, "SIGTERM");
      rmSync(folder, { recursive: true });
    },
  };
}

async function drained(
  status: () => Promise<LogStatus>,
  { limitMs, maxWaiting }: { readonly limitMs: number; readonly maxWaiting: number },
): Promise<LogStatus> {
  const end = performance.now() + limitMs;
  for (;;) {
    const log = await status();
    // Tables that had nothing to store try the database again up to 15 s later.
    const isConnected = maxWaiting > 0 || log.last_error === null;
    if (log.decisions.waiting <= maxWaiting && isConnected) return log;
    if (performance.now() > end) throw new Error(`Rows still wait, or a connection: ${JSON.stringify(log)}`);
    await sleep(POLL_MS);
  }
}

function policyText(collector: Readonly<Record<string, unknown>>): string {
  return `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
  - {model_name: auto, litellm_params: {model: openai/small}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 65], model: small}
    complex: {score_range: [66, 100], model: large}
  aliases: {auto: auto_route}
  collector: ${JSON.stringify(collector)}
`;
}
