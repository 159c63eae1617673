import { join } from "node:path";
import { type Child, startChild } from "./child.ts";
import { litellmEnvironment, sidecarEnvironment } from "./child-environments.ts";
import { sayOnce } from "./child-log.ts";
import { shownOfLitellm, shownOfSidecar } from "./live-view.ts";
import { LITELLM_HOST, type Plan } from "./plan.ts";
import type { ReadyCheck } from "./ready.ts";
import type { Terminal } from "./terminal.ts";
import { sidecarUrl } from "./welcome.ts";

/** A program that `signalbox up` runs. */
export interface Service {
  readonly name: string;
  readonly logFile: string;
  readonly check: ReadyCheck;
  /** How long its start may take on a busy machine, in milliseconds. */
  readonly startTimeoutMs: number;
  /** How long it may take to end before it is killed, in milliseconds. */
  readonly stopGraceMs: number;
  readonly start: () => Child;
}

export interface ServiceOptions {
  readonly plan: Plan;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the project. */
  readonly root: string;
  readonly terminal: Terminal;
}

const SIDECAR_START_TIMEOUT_MS = 30_000;
/** The sidecar answers what is in flight and writes its log within 5 s. */
const SIDECAR_STOP_GRACE_MS = 7_000;
/** LiteLLM takes 7 to 20 s. */
const LITELLM_START_TIMEOUT_MS = 180_000;
/** LiteLLM waits for streams in flight; people who press Ctrl-C do not. */
const LITELLM_STOP_GRACE_MS = 5_000;

export interface SidecarService extends Service {
  /** Variables that are set and that `routing` has come to name since the sidecar was started, which lacks them. */
  readonly findLacking: () => readonly string[];
}

/** The sidecar. `databaseUrl` is null where nothing is logged. */
export function sidecarService(options: ServiceOptions, databaseUrl: string | null): SidecarService {
  const { plan, root, terminal } = options;
  const logFile = join(plan.logsDir, "sidecar.log");
  const onLogError = sayOnce(terminal, logFile);
  const settings = {
    SIGNALBOX_CONFIG: plan.gatewayFile,
    SIGNALBOX_STATE_DIR: plan.stateDir,
    SIGNALBOX_PORT: String(plan.sidecarPort),
    SIGNALBOX_SECRET: options.env.SIGNALBOX_SECRET || plan.sidecarSecret,
    DATABASE_URL: databaseUrl ?? undefined,
  };
  const environment = () => sidecarEnvironment(options.env, plan.namedInRouting(), settings);
  let given = environment();
  return {
    name: "sidecar",
    logFile,
    check: {
      host: plan.sidecarHost === "0.0.0.0" ? "127.0.0.1" : plan.sidecarHost,
      port: plan.sidecarPort,
      ...(plan.sidecarSocket === null ? {} : { socketPath: plan.sidecarSocket }),
      path: "/healthz/ready",
    },
    startTimeoutMs: SIDECAR_START_TIMEOUT_MS,
    stopGraceMs: SIDECAR_STOP_GRACE_MS,
    start: () => {
      given = environment();
      return startChild({
        command: process.execPath,
        args: [...process.execArgv, join(root, "src", "cli", "signalbox.ts"), "serve"],
        env: given,
        logFile,
        onLogError,
        onLine: showOn(terminal, "sidecar", shownOfSidecar),
      });
    },
    findLacking: () =>
      Object.entries(environment())
        .filter(([name, value]) => value && !Object.hasOwn(given, name))
        .map(([name]) => name),
  };
}

export interface LitellmOptions {
  /** The `bin` folder of the environment that LiteLLM is installed in. */
  readonly pythonBin: string;
  readonly configFile: string;
  /** Where it listens, behind the port that clients know. */
  readonly port: number;
}

/** LiteLLM with the callback. */
export function litellmService(
  options: ServiceOptions,
  { pythonBin, configFile, port }: LitellmOptions,
): Service {
  const { plan, terminal } = options;
  const logFile = join(plan.logsDir, "litellm.log");
  const onLogError = sayOnce(terminal, logFile);
  const env = litellmEnvironment(options.env, {
    LITELLM_MASTER_KEY: plan.masterKey,
    SIGNALBOX_URL: sidecarUrl(plan),
    SIGNALBOX_SECRET: plan.sidecarSecret,
  });
  return {
    name: "LiteLLM",
    logFile,
    check: { host: LITELLM_HOST, port, path: "/health/readiness" },
    startTimeoutMs: LITELLM_START_TIMEOUT_MS,
    stopGraceMs: LITELLM_STOP_GRACE_MS,
    start: () =>
      startChild({
        command: join(pythonBin, "litellm"),
        args: ["--config", configFile, "--host", LITELLM_HOST, "--port", String(port)],
        cwd: plan.litellmCwd,
        env,
        logFile,
        onLogError,
        onLine: showOn(terminal, "litellm", shownOfLitellm),
      }),
  };
}

function showOn(terminal: Terminal, name: string, show: (line: string) => string | null) {
  return (line: string) => {
    const shown = show(line);
    if (shown !== null) terminal.line(`${name} | ${shown}`);
  };
}
