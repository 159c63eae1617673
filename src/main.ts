import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import packageJson from "../package.json" with { type: "json" };
import { createSnapshot } from "./compose.ts";
import { createHealthRecord } from "./decide/model-health.ts";
import { type CheckAccess, createAccessCheck } from "./http/access.ts";
import { createApp } from "./http/app.ts";
import { createCatalogFile } from "./http/catalog-file.ts";
import { createCatalogStore } from "./http/catalog-store.ts";
import { createEndpoints } from "./http/endpoints.ts";
import { createFeedbackIntake } from "./http/feedback.ts";
import { type Address, type Listening, listen } from "./http/listen.ts";
import { isLoopbackName } from "./http/loopback.ts";
import { createMetrics } from "./http/metrics.ts";
import { createOutcomeIntake } from "./http/outcome-intake.ts";
import { createRecentHealth } from "./http/recent-health.ts";
import { createRouter, type Snapshot } from "./http/router.ts";
import { warmUp } from "./http/warm-up.ts";
import { LlmKeeper } from "./llm-keeper.ts";
import { loadHashKey } from "./log/hash-key.ts";
import { createLogReader, type LogReader } from "./log/log-reader.ts";
import { createNullRecorder } from "./log/null-recorder.ts";
import { openLog } from "./log/open-log.ts";
import type { Recorder } from "./log/recorder.ts";
import { toLine } from "./log/row-line.ts";
import { createUuid7 } from "./log/uuid7.ts";
import type { Privacy } from "./log/veil.ts";
import { compileGlob } from "./policy/glob.ts";
import type { Policy } from "./policy/policy.ts";
import { restartKeys } from "./policy/restart-keys.ts";
import { checkInThread } from "./policy/watch/check-in-thread.ts";
import { PolicyFile } from "./policy/watch/policy-file.ts";
import { PolicyKeeper } from "./policy/watch/policy-keeper.ts";
import type { Settings } from "./settings.ts";

/** A sidecar that answers. */
export interface Sidecar {
  readonly url: string;
  /** Reads gateway.yaml again, because somebody sent a signal. Never rejects. */
  reload(): Promise<unknown>;
  /** Answers what is in flight, writes the log, lets go of everything; within 5 seconds. */
  close(): Promise<void>;
}

export interface SidecarOptions {
  readonly settings: Settings;
  /** The policy to begin with, as `settings.SIGNALBOX_CONFIG` says. */
  readonly policy: Policy;
  /** What `os.environ/VAR` in gateway.yaml stands for when it is read again. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** PostgreSQL of the log; null where there is none. */
  readonly databaseUrl: string | null;
}

/** How long a stop waits for answers in flight, and then for the log, in milliseconds. */
const CLOSE_HTTP_MS = 1_500;
const CLOSE_LOG_MS = 3_000;

/**
 * Creates and connects the parts of the sidecar, and nothing else does.
 *
 * @throws {Error} where the address is taken, or is none of this machine's and no secret is set.
 */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const { settings } = options;
  const checkAccess = accessCheck(settings);
  mkdirSync(settings.SIGNALBOX_STATE_DIR, { recursive: true, mode: 0o755 });
  const llm = new LlmKeeper(options.logger);
  const keeper = keepPolicy(options, llm);
  const privacy = privacyOf(keeper, settings);
  const recorder = openRecorder(options, privacy);
  try {
    return await connectParts(options, { keeper, llm, recorder, privacy, checkAccess });
  } catch (error) {
    // An open log would keep the process alive that is to end here.
    keeper.close();
    llm.close();
    await recorder.close(0);
    throw error;
  }
}

type Keeper = PolicyKeeper<Snapshot>;

interface Parts {
  readonly keeper: Keeper;
  readonly llm: LlmKeeper;
  readonly recorder: Recorder;
  readonly privacy: Privacy;
  readonly checkAccess: CheckAccess;
}

async function connectParts(
  options: SidecarOptions,
  { keeper, llm, recorder, privacy, checkAccess }: Parts,
): Promise<Sidecar> {
  const { settings, logger } = options;
  const startedAt = new Date();
  const snapshot = () => keeper.current();
  const catalog = createCatalogStore(compileGlob, createCatalogFile(settings.SIGNALBOX_STATE_DIR, logger));
  const random = Math.random;
  const newId = createUuid7({ now: Date.now, random });
  const now = () => new Date();
  const hasLog = logDatabaseOf(options) !== null;
  const record = hasLog ? recorder.record.bind(recorder) : null;
  const health = createHealthRecord();
  const recentHealth = createRecentHealth(health, Date.now);
  const router = createRouter({ snapshot, catalog, health: recentHealth, record, newId, now, random });
  const logStatus = () => recorder.status();
  const recordOutcome = recorder.outcome.bind(recorder);
  const outcomes = createOutcomeIntake({ recordOutcome, privacy, catalog, snapshot, health, now });
  const recordFeedback = options.policy.collector.enabled ? recorder.feedback.bind(recorder) : null;
  const takeFeedback = createFeedbackIntake({ record: recordFeedback, privacy, snapshot, newId, now });
  const logReader = openReader(options);
  const metrics = createMetrics({
    answered: () => router.counts().answered,
    logStatus,
    reloads: () => keeper.status(),
    policyRevision: () => snapshot().policy.revision,
    llmStatus: () => llm.status(),
  });
  const { version } = packageJson;
  const endpoints = createEndpoints({
    router,
    catalog,
    snapshot,
    logStatus,
    outcomes,
    takeFeedback,
    logReader,
    now,
    health: () => health.at(Date.now()),
    policyControl: keeper,
    policyFile: new PolicyFile({ file: settings.SIGNALBOX_CONFIG, env: options.env }),
    audit: logger,
    restartKeys: () => restartKeys(options.policy.collector, snapshot().policy.collector),
    llmStatus: () => llm.status(),
    metrics,
    version,
    startedAt,
  });
  // A router that nobody asks: its decisions are no decisions of the log.
  const write = (decided: Parameters<Recorder["record"]>[0]) => void toLine(decided, privacy);
  const alone = { ...keeper.current(), consult: null };
  warmUp(
    createRouter({
      ...{ catalog, newId, now, random },
      health: recentHealth,
      snapshot: () => alone,
      record: hasLog ? write : null,
    }),
  );
  const app = createApp({ endpoints, checkAccess, logger });
  const listening = await listen(app, addressOf(settings));
  // Nothing is read before the process starts.
  keeper.watch(performance.timeOrigin);
  logger.info({ event: "listening", url: listening.url, policyRevision: options.policy.revision });
  return {
    url: listening.url,
    reload: () => keeper.reload("signal"),
    close: () => closeAll({ keeper, llm, listening, recorder, logReader, logger }),
  };
}

function keepPolicy({ settings, policy, env, logger }: SidecarOptions, llm: LlmKeeper): Keeper {
  return new PolicyKeeper({
    file: settings.SIGNALBOX_CONFIG,
    env,
    policy,
    build: (policy) => llm.attach(createSnapshot(policy)),
    check: checkInThread,
    logger,
    now: () => new Date(),
  });
}

/** Follows the policy: who sets `store_text: none` means the next row. */
function privacyOf(keeper: Keeper, settings: Settings): Privacy {
  const policy = () => keeper.current().policy;
  return {
    get storeText() {
      return policy().collector.storeText;
    },
    hashKey: loadHashKey(settings.SIGNALBOX_STATE_DIR),
    listed: (name) => policy().models.has(name) || policy().aliases.has(name),
  };
}

function openRecorder(options: SidecarOptions, privacy: Privacy): Recorder {
  const databaseUrl = logDatabaseOf(options);
  if (databaseUrl === null) return createNullRecorder();
  const { policy, settings, logger } = options;
  const { retentionDays, outboxMaxMb, embedding } = policy.collector;
  return openLog({
    privacy,
    databaseUrl,
    retentionDays,
    outboxRoot: join(settings.SIGNALBOX_STATE_DIR, "outbox"),
    outboxMaxBytes: outboxMaxMb * 2 ** 20,
    ...(embedding && { embedding }),
    logger,
  });
}

function accessCheck(settings: Settings): CheckAccess {
  const secrets = {
    callback: settings.SIGNALBOX_SECRET ?? [],
    feedback: settings.SIGNALBOX_FEEDBACK_SECRET ?? [],
    admin: settings.SIGNALBOX_ADMIN_SECRET ?? [],
  };
  const loopbackOnly = settings.SIGNALBOX_SOCKET !== undefined || isLoopbackName(settings.SIGNALBOX_HOST);
  if (!loopbackOnly && secrets.callback.length === 0) {
    const found = `SIGNALBOX_HOST ${settings.SIGNALBOX_HOST} without SIGNALBOX_SECRET`;
    throw new Error(`Cannot listen: found ${found}, expected a secret or a loopback address`);
  }
  return createAccessCheck({ secrets, loopbackOnly });
}

function addressOf(settings: Settings): Address {
  if (settings.SIGNALBOX_SOCKET !== undefined) return { socket: settings.SIGNALBOX_SOCKET };
  return { host: settings.SIGNALBOX_HOST, port: settings.SIGNALBOX_PORT };
}

/** The log to read in; null where there is none. Connects when it is first asked. */
function openReader(options: SidecarOptions): LogReader | null {
  const databaseUrl = logDatabaseOf(options);
  return databaseUrl === null ? null : createLogReader(databaseUrl);
}

/** null where no log is kept. */
function logDatabaseOf({ policy, databaseUrl }: SidecarOptions): string | null {
  return policy.collector.enabled ? databaseUrl : null;
}

interface Closing {
  readonly keeper: Keeper;
  readonly llm: LlmKeeper;
  readonly listening: Listening;
  readonly recorder: Recorder;
  readonly logReader: LogReader | null;
  readonly logger: Logger;
}

async function closeAll({ keeper, llm, listening, recorder, logReader, logger }: Closing): Promise<void> {
  keeper.close();
  // What waits for it is answered by the fast classifier now.
  llm.close();
  await listening.close(CLOSE_HTTP_MS);
  await Promise.all([recorder.close(CLOSE_LOG_MS), logReader?.close(0)]);
  logger.info({ event: "stopped", ...recorder.status() });
}
