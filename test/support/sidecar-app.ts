import { pino } from "pino";
import type { Consult } from "../../src/classify/opinion.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { DecisionRecord } from "../../src/decide/decision.ts";
import { createHealthRecord } from "../../src/decide/model-health.ts";
import { createAccessCheck, type Secrets } from "../../src/http/access.ts";
import { createApp } from "../../src/http/app.ts";
import { createCatalogStore } from "../../src/http/catalog-store.ts";
import { createEndpoints } from "../../src/http/endpoints.ts";
import { createFeedbackIntake } from "../../src/http/feedback.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { createOutcomeIntake } from "../../src/http/outcome-intake.ts";
import { createRouter } from "../../src/http/router.ts";
import type { FeedbackRow } from "../../src/log/feedback-row.ts";
import type { LogReader } from "../../src/log/log-reader.ts";
import type { OutcomeRow } from "../../src/log/outcome-row.ts";
import type { RecorderStatus, Refusal } from "../../src/log/recorder.ts";
import { createUuid7 } from "../../src/log/uuid7.ts";
import type { Privacy } from "../../src/log/veil.ts";
import { compileGlob } from "../../src/policy/glob.ts";
import { loadPolicyText } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { checkInThread } from "../../src/policy/watch/check-in-thread.ts";
import { PolicyFile } from "../../src/policy/watch/policy-file.ts";
import { PolicyKeeper } from "../../src/policy/watch/policy-keeper.ts";

/** Loads a policy from text that is known to be valid. */
export function policyOf(text: string): Policy {
  const result = loadPolicyText(text, { file: "gateway.yaml", env: {} });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.policy;
}

export const POLICY = `
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
  classifier: {strategy: static}
`;

/** Figures of a log that stored `rows` decisions. */
function statusOf(rows: number): RecorderStatus {
  const none = { accepted: 0, stored: 0, waiting: 0, dropped: {} };
  const tables = {
    routing_logs: { accepted: rows, stored: rows, waiting: 0, dropped: {} },
    routing_outcomes: none,
    routing_feedback: none,
  };
  return { tables, lastError: null, outbox: null, maintenance: null, embeddings: null, alarms: [] };
}

interface TestAppOptions {
  readonly policy?: string;
  /** The gateway.yaml that is read when the policy is to be read again. */
  readonly file?: string;
  /** Asks an LLM; none is asked where this is left out. */
  readonly consult?: Consult;
  readonly secrets?: Secrets;
  readonly loopbackOnly?: boolean;
  readonly privacy?: Privacy;
  /** Whether there is a log to write decisions to; there is one where this is left out. */
  readonly hasLog?: boolean;
  /** Why the log takes no outcome; it takes all where this is left out. */
  readonly recordOutcome?: () => Refusal;
  readonly logReader?: LogReader;
  /** Why the log takes no feedback; null where there is no log. It takes all where this is left out. */
  readonly recordFeedback?: (() => Refusal) | null;
}

/** The HTTP API as main.ts puts it together, with a log that only remembers. */
export function createTestApp(options: TestAppOptions = {}) {
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => lines.push(line) });
  const keeper = new PolicyKeeper({
    file: options.file ?? "gateway.yaml",
    env: {},
    policy: policyOf(options.policy ?? POLICY),
    build: (policy) => ({ ...createSnapshot(policy), consult: options.consult ?? null }),
    check: checkInThread,
    logger,
    now: () => new Date(),
  });
  const snapshot = () => keeper.current();
  const records: DecisionRecord[] = [];
  const catalog = createCatalogStore(compileGlob);
  const health = createHealthRecord();
  const router = createRouter({
    snapshot,
    catalog,
    health: () => health.at(Date.now()),
    record: options.hasLog === false ? null : (record) => records.push(record),
    newId: createUuid7({ now: Date.now, random: Math.random }),
    now: () => new Date(),
    random: Math.random,
  });
  const logStatus = () => statusOf(records.length);
  const outcomeRows: OutcomeRow[] = [];
  const feedbackRows: FeedbackRow[] = [];
  const privacy = options.privacy ?? { storeText: "full", hashKey: Buffer.alloc(32) };
  const newId = createUuid7({ now: Date.now, random: Math.random });
  const recordFeedback = (row: FeedbackRow) => {
    feedbackRows.push(row);
    return options.recordFeedback?.() ?? null;
  };
  const takeFeedback = createFeedbackIntake({
    record: options.recordFeedback === null ? null : recordFeedback,
    privacy,
    snapshot,
    newId,
    now: () => new Date(),
  });
  const outcomes = createOutcomeIntake({
    recordOutcome: (row) => {
      outcomeRows.push(row);
      return options.recordOutcome?.() ?? null;
    },
    privacy,
    catalog,
    snapshot,
    health,
    now: () => new Date(),
  });
  const endpoints = createEndpoints({
    router,
    catalog,
    snapshot,
    logStatus,
    llmStatus: () => null,
    outcomes,
    takeFeedback,
    logReader: options.logReader ?? null,
    now: () => new Date(),
    health: () => health.at(Date.now()),
    policyControl: keeper,
    policyFile: new PolicyFile({ file: options.file ?? "gateway.yaml", env: {} }),
    audit: logger,
    restartKeys: () => [],
    metrics: createMetrics({
      answered: () => router.counts().answered,
      logStatus,
      reloads: () => keeper.status(),
      policyRevision: () => snapshot().policy.revision,
      llmStatus: () => null,
    }),
    version: "0.0.0",
    startedAt: new Date(),
  });
  const secrets = options.secrets ?? { callback: [], feedback: [], admin: [] };
  const checkAccess = createAccessCheck({ secrets, loopbackOnly: options.loopbackOnly ?? true });
  const parts = { endpoints, checkAccess, logger };
  return { app: createApp(parts), parts, records, outcomeRows, feedbackRows, lines, endpoints };
}
