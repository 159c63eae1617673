import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LlmStatus } from "../classify/llm/llm-classifier.ts";
import type { RecorderStatus } from "../log/recorder.ts";
import type { ReloadStatus } from "../policy/watch/policy-keeper.ts";
import { logFigures } from "./log-figures.ts";

/** Content type of Prometheus' text format. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Upper bounds in seconds: a question takes 0.1 ms, and the callback waits 250 ms for its answer. */
const DURATION_BUCKETS_S = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5,
];

export interface MetricsDeps {
  /** Questions that were answered since the start, by method. */
  readonly answered: () => Readonly<Record<string, number>>;
  readonly logStatus: () => RecorderStatus;
  /** null where the policy asks no LLM. */
  readonly llmStatus: () => LlmStatus | null;
  readonly reloads: () => ReloadStatus;
  /** Revision of the policy in force. */
  readonly policyRevision: () => string;
}

/** What the process counts, for Prometheus. Labels hold names of methods, tables and reasons only. */
export interface Metrics {
  /** A question was answered, well or with an error, `ms` milliseconds after its head came. */
  routeAnswered(ms: number): void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
}

/** Counts nothing twice: what other parts count already is read when it is asked for. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  countDecisions(deps, registers);
  countLogRows(deps, registers);
  countOpinions(deps, registers);
  countReloads(deps, registers);
  const duration = new Histogram({
    name: "signalbox_route_duration_seconds",
    help: "Time of POST /v1/route in the process, from its head to its answer",
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  return {
    routeAnswered: (ms) => duration.observe(ms / 1_000),
    text: () => registry.metrics(),
  };
}

function countDecisions({ answered }: MetricsDeps, registers: Registry[]): void {
  new Counter({
    name: "signalbox_decisions_total",
    help: "Questions that were answered with a decision",
    labelNames: ["method"],
    registers,
    collect() {
      this.reset();
      for (const [method, count] of Object.entries(answered())) this.inc({ method }, count);
    },
  });
}

function countOpinions({ llmStatus }: MetricsDeps, registers: Registry[]): void {
  new Counter({
    name: "signalbox_llm_opinions_total",
    help: "Opinions of the LLM classifier by where they came from (model, cache, shared), and by why there was none",
    labelNames: ["outcome"],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(llmStatus()?.outcomes ?? {}))
        this.inc({ outcome }, count);
    },
  });
  new Gauge({
    name: "signalbox_llm_ready",
    help: "1 while the LLM classifier may be asked",
    registers,
    collect() {
      this.set(llmStatus()?.state === "ready" ? 1 : 0);
    },
  });
}

function countLogRows({ logStatus }: MetricsDeps, registers: Registry[]): void {
  new Counter({
    name: "signalbox_log_rows_total",
    help: "Rows of the log since the start; in each table accepted = stored + waiting + dropped",
    labelNames: ["table", "state", "reason"],
    registers,
    collect() {
      this.reset();
      const { rows } = logFigures(logStatus());
      for (const { table, state, reason, count } of rows) this.inc({ table, state, reason }, count);
    },
  });
  new Gauge({
    name: "signalbox_log_waiting_rows",
    help: "Rows that wait for the database",
    labelNames: ["table"],
    registers,
    collect() {
      this.reset();
      for (const { table, count } of logFigures(logStatus()).waiting) this.set({ table }, count);
    },
  });
}

function countReloads({ reloads, policyRevision }: MetricsDeps, registers: Registry[]): void {
  new Counter({
    name: "signalbox_policy_reloads_total",
    help: "Times that gateway.yaml was read again; a refused one has errors, and the old policy stays",
    labelNames: ["result"],
    registers,
    collect() {
      this.reset();
      for (const [result, count] of Object.entries(reloads().counts)) this.inc({ result }, count);
    },
  });
  new Gauge({
    name: "signalbox_policy_last_success_timestamp_seconds",
    help: "When gateway.yaml was last read without an error",
    registers,
    collect() {
      this.set(reloads().lastSuccessAt.getTime() / 1_000);
    },
  });
  new Gauge({
    name: "signalbox_policy_info",
    help: "The policy in force, always 1",
    labelNames: ["revision"],
    registers,
    collect() {
      this.reset();
      this.set({ revision: policyRevision() }, 1);
    },
  });
}
