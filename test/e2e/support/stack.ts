/**
 * The whole of Signalbox as a user runs it, started once a run: PostgreSQL, the sidecar and LiteLLM are real, the
 * providers behind LiteLLM are the recording fake. vitest calls `setup` before the first end-to-end test.
 */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { logTail } from "./child.ts";
import { layOutConfig, pythonBin, sidecarCommand } from "./commands.ts";
import { startControl } from "./control.ts";
import { startDatabase } from "./database.ts";
import { freePort } from "./listen.ts";
import { startLitellm } from "./litellm.ts";
import { startProvider } from "./provider.ts";
import { Sidecar } from "./sidecar.ts";

/** Where the parts of the running stack are found. */
export interface StackPlace {
  /** LiteLLM, `http://127.0.0.1:<port>`. */
  readonly litellmUrl: string;
  /** The recording fake of the providers. */
  readonly providerUrl: string;
  readonly sidecarUrl: string;
  readonly sidecarPort: number;
  readonly sidecarSecret: string;
  /** Acts on the sidecar's process. */
  readonly controlUrl: string;
  readonly databaseUrl: string;
  /** gateway.yaml of the run. */
  readonly configFile: string;
  readonly pythonBin: string;
}

declare module "vitest" {
  interface ProvidedContext {
    stack: StackPlace;
  }
}

const sidecarSecret = "e2e-callback-secret";

/** Called by vitest: starts all, tells the tests where, and gives the function that stops all. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const releases: (() => Promise<void>)[] = [];
  const release = async () => {
    for (const undo of releases.reverse().splice(0)) await undo();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "signalbox-e2e-"));
    releases.push(() => keepLogsOfFailure(project, folder));
    project.provide("stack", await startStack(folder, releases));
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

async function startStack(folder: string, releases: (() => Promise<void>)[]): Promise<StackPlace> {
  await layOutConfig(folder);
  const provider = await startProvider();
  releases.push(provider.close);
  const database = await startDatabase(folder);
  releases.push(database.close);
  const [sidecarPort, litellmPort] = [await freePort(), await freePort()];
  const place = {
    litellmUrl: `http://127.0.0.1:${litellmPort}`,
    providerUrl: provider.url,
    sidecarUrl: `http://127.0.0.1:${sidecarPort}`,
    sidecarPort,
    sidecarSecret,
    databaseUrl: database.url,
    configFile: join(folder, "gateway.yaml"),
    pythonBin: pythonBin(),
  };
  const sidecar = await startSidecar(folder, place);
  releases.push(() => sidecar.act("stop", null));
  const control = await startControl(sidecar);
  releases.push(control.close);
  releases.push(await startProxy(folder, { port: litellmPort, place }));
  return { ...place, controlUrl: control.url };
}

type Addresses = Omit<StackPlace, "controlUrl">;

async function startSidecar(folder: string, place: Addresses): Promise<Sidecar> {
  const command = sidecarCommand(folder, {
    SIGNALBOX_CONFIG: place.configFile,
    SIGNALBOX_PORT: String(place.sidecarPort),
    SIGNALBOX_SECRET: sidecarSecret,
    SIGNALBOX_ADMIN_SECRET: "e2e-admin-secret",
    SIGNALBOX_STATE_DIR: join(folder, "state"),
    DATABASE_URL: place.databaseUrl,
  });
  const sidecar = new Sidecar(command, place.sidecarUrl);
  await sidecar.act("start", null);
  return sidecar;
}

function startProxy(
  folder: string,
  { port, place }: { readonly port: number; readonly place: Addresses },
): Promise<() => Promise<void>> {
  return startLitellm({
    folder,
    port,
    env: {
      E2E_OPENAI_BASE: `${place.providerUrl}/v1`,
      E2E_ANTHROPIC_BASE: place.providerUrl,
      SIGNALBOX_URL: place.sidecarUrl,
      SIGNALBOX_SECRET: sidecarSecret,
      // Where the tests can look at what LiteLLM's own logger says; own-callback.test.ts has it tell the sidecar.
      SIGNALBOX_OUTCOMES_URL: `${place.providerUrl}/logged`,
      SIGNALBOX_AUTHORIZATION: `Bearer ${sidecarSecret}`,
      // In seconds: within the usual minute a slow machine does not get through what is refused for a limit.
      LITELLM_RATE_LIMIT_WINDOW_SIZE: "3600",
    },
  });
}

/** Where the logs of the last run that failed are kept. */
const KEPT_LOGS = ".signalbox/test";

/** After a failed run the logs stay and their ends are printed; after a good one nothing stays. */
async function keepLogsOfFailure(project: TestProject, folder: string): Promise<void> {
  const failed = process.exitCode !== undefined && process.exitCode !== 0;
  if (failed || project.vitest.state.getCountOfFailedTests() > 0) {
    await mkdir(KEPT_LOGS, { recursive: true });
    for (const log of ["sidecar.log", "litellm.log"]) {
      const kept = join(KEPT_LOGS, log);
      await rm(kept, { force: true });
      await cp(join(folder, log), kept).catch(() => undefined);
      console.error(tailOrNothing(kept));
    }
  }
  await rm(folder, { recursive: true, force: true });
}

function tailOrNothing(file: string): string {
  try {
    return logTail(file);
  } catch {
    return `--- ${file}: was not written`;
  }
}
