import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startEmbeddedPostgres } from "../../log/embedded-postgres.ts";
import { holdPidLock } from "../../log/postgres/pid-lock.ts";
import { readSettings } from "../../settings.ts";
import { CliError, EXIT } from "../cli-error.ts";
import { listenForStop, type StopRequest } from "../stop-request.ts";
import { abortable } from "./abortable.ts";
import type { Child } from "./child.ts";
import { type ChildRecord, openChildRecord, stopLeftovers } from "./child-record.ts";
import { openFront } from "./front.ts";
import { keepSidecar } from "./keep-sidecar.ts";
import { Litellm } from "./litellm.ts";
import { watchModelList } from "./model-list-watch.ts";
import { LITELLM_HOST, makePlan, refuseMissingGateway } from "./plan.ts";
import { ensurePythonEnv } from "./python-env.ts";
import { type Service, type ServiceOptions, type SidecarService, sidecarService } from "./services.ts";
import { createStopStack, type StopStack } from "./stop-stack.ts";
import type { Terminal } from "./terminal.ts";
import { untilReady } from "./until-ready.ts";
import { demoNotice, welcome } from "./welcome.ts";

export interface UpOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the project. */
  readonly root: string;
  /** Canned answers also where provider keys are set. */
  readonly demo: boolean;
  readonly terminal: Terminal;
}

/** What every step of a run needs. */
interface Run extends ServiceOptions {
  readonly stop: StopRequest;
  readonly stack: StopStack;
  readonly record: ChildRecord;
}

/**
 * Runs LiteLLM with the callback, the sidecar and the log's database until somebody asks for the end, then
 * stops everything in reverse order.
 *
 * @throws {CliError} naming what is wrong, after everything that was started has been stopped.
 */
export async function runUp(options: UpOptions): Promise<void> {
  const { env, root, terminal, demo } = options;
  const settings = readSettings(env);
  refuseMissingGateway(settings);
  const stop = listenForStop();
  const stack = createStopStack();
  stack.add("the listener for signals", async () => stop.dispose());
  try {
    const record = await claimState(resolve(settings.SIGNALBOX_STATE_DIR), stack, terminal);
    const plan = await makePlan({ settings, env, root, demo });
    await runUntilStopped({ plan, env, root, terminal, stop, stack, record });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.line(`Stopping (${stop.signal.reason}) ...`);
  } finally {
    await stack.stopAll((name, error) => terminal.line(`Cannot stop ${name}: ${String(error)}`));
    if (stop.signal.aborted) terminal.line("Stopped.");
  }
}

/** Makes this the only run in its state folder, without what an earlier one may have left. */
async function claimState(stateDir: string, stack: StopStack, terminal: Terminal): Promise<ChildRecord> {
  makeStateDir(stateDir);
  const release = holdPidLock(join(stateDir, "up.lock"), "run `signalbox up`");
  stack.add("the lock", async () => release());
  const file = join(stateDir, "up-children.json");
  const left = await stopLeftovers(file);
  if (left.length > 0) terminal.line(`Stopped what an earlier run had left: ${left.join(", ")}`);
  const record = openChildRecord(file);
  stack.add("the record of children", async () => record.clear());
  return record;
}

/** @throws {CliError} where another user's start, with sudo for one, made the folder, or it lies where nothing can. */
function makeStateDir(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    accessSync(stateDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const found = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CliError(
      EXIT.misused,
      `Cannot keep anything in ${stateDir}: found ${found}, expected a folder that this user may write to.\n` +
        `Look whose it is (ls -ld ${dirname(stateDir)} ${stateDir}), or choose another: SIGNALBOX_STATE_DIR=/some/folder npm start`,
      { cause: error },
    );
  }
}

async function runUntilStopped(run: Run): Promise<void> {
  const { plan, terminal, stop, stack } = run;
  if (plan.demo) terminal.line(demoNotice(plan));
  const pythonBin = await ensurePythonEnv({
    stateDir: plan.stateDir,
    requirements: [join(run.root, "callback", "requirements.txt")],
    env: run.env,
    terminal,
    signal: stop.signal,
  });
  const front = await openFront({ host: LITELLM_HOST, port: plan.litellmPort });
  stack.add("the port of LiteLLM", () => front.close());
  const launchLitellm = (service: Service) => launch(run, service);
  const litellm = new Litellm({ ...run, pythonBin, front, launch: launchLitellm, signal: stop.signal });
  stack.add("LiteLLM", () => litellm.stop());
  // LiteLLM takes longest, so it starts first; it asks the sidecar only when a request comes.
  await litellm.start();
  const database = await startDatabase(run);
  await runSidecar(run, sidecarService(run, database.url));
  await litellm.becomeReady();
  // Registered once more, now as the newest: traffic ends before what it needs.
  stack.add("LiteLLM", () => litellm.stop());
  terminal.line(welcome({ plan, databaseUrl: database.url, embedded: database.embedded }));
  const { gatewayFile, modelListRevision: revision } = plan;
  const onChange = () => litellm.replace();
  const endWatch = watchModelList({ gatewayFile, env: run.env, revision, onChange });
  stack.add("the watch on model_list", async () => endWatch());
  await abortable(litellm.failed, stop.signal);
}

/** Starts a service and sees to its end, also where somebody insists. */
function startService(run: Run, service: Service): Child {
  const child = launch(run, service);
  run.stack.add(service.name, () => child.stop(service.stopGraceMs));
  return child;
}

function launch({ stop, record, terminal }: Run, service: Service): Child {
  const child = service.start();
  stop.force.addEventListener("abort", () => void child.stop(0));
  try {
    record.add(service.name, child.pid);
  } catch (error) {
    // A full disk: a run without the record is better than a child that nobody stops.
    terminal.line(`Cannot remember ${service.name} for the next start: ${String(error)}`);
  }
  return child;
}

async function becomeReady({ terminal, stop }: Run, service: Service, child: Child): Promise<void> {
  const { name, check, logFile, startTimeoutMs: timeoutMs } = service;
  const seconds = await untilReady({ name, child, check, logFile, timeoutMs, terminal, signal: stop.signal });
  terminal.line(`${name} is ready (${seconds.toFixed(1)} s).`);
}

interface Database {
  /** null where nothing is logged. */
  readonly url: string | null;
  readonly embedded: boolean;
}

async function startDatabase({ plan, env, terminal, stop, stack }: Run): Promise<Database> {
  if (!plan.logEnabled) return { url: null, embedded: false };
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, embedded: false };
  const postgres = await startEmbeddedPostgres({
    stateDir: plan.stateDir,
    onProgress: (message) => terminal.line(message),
  });
  stack.add("PostgreSQL", () => postgres.stop());
  stop.signal.throwIfAborted();
  terminal.line("PostgreSQL is ready.");
  return { url: postgres.url, embedded: true };
}

async function runSidecar(run: Run, service: SidecarService): Promise<void> {
  const first = startService(run, service);
  await becomeReady(run, service, first);
  const stop = keepSidecar({ ...run, service, first, launch: () => launch(run, service) });
  run.stack.add(service.name, stop);
}
