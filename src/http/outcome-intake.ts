import type { CatalogModel } from "../decide/catalog.ts";
import type { HealthRecord, Observation } from "../decide/model-health.ts";
import { tokenCostUsd } from "../decide/token-cost.ts";
import type { Outcome, OutcomeSource } from "../log/outcome.ts";
import { type OutcomeCosts, type OutcomeRow, toOutcomeRow } from "../log/outcome-row.ts";
import type { Refusal } from "../log/recorder.ts";
import { timeOfUuid7 } from "../log/uuid7-time.ts";
import type { Privacy } from "../log/veil.ts";
import type { CatalogStore } from "./catalog-store.ts";
import { type ReadPayload, readLoggingPayload } from "./logging-payload.ts";
import { createObservedOutcomes } from "./observed-outcomes.ts";
import type { Snapshot } from "./router.ts";

export interface IntakeDeps {
  /** @returns why the row is not taken, null where it is. */
  readonly recordOutcome: (row: OutcomeRow) => Refusal | null;
  readonly privacy: Privacy;
  readonly catalog: CatalogStore;
  readonly snapshot: () => Snapshot;
  readonly health: HealthRecord;
  readonly now: () => Date;
}

/** Outcomes since the process started. */
interface IntakeCounts {
  readonly accepted: number;
  readonly refused: number;
  /** Entries that are about none of our decisions. */
  readonly skipped: number;
  /** Outcomes that callbacks had to give up before they reached this process. */
  readonly lost: number;
}

/** What became of one entry: taken, none of ours, or refused for the reason given. */
type Intake = "accepted" | "skipped" | { readonly refused: string };

/** Takes outcomes in: one bad entry is refused alone. */
export interface OutcomeIntake {
  take(entry: unknown, source: OutcomeSource): Intake;
  /** Notes how many a callback had to give up. */
  addLost(outcomes: number): void;
  counts(): IntakeCounts;
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  expired: "decision_id: the decision is older than the log keeps",
  unknown_decision: "decision_id: no decision of that id was made yet, expected an id that this service gave",
};

/** Creates what POST /v1/outcomes hands its entries to. */
export function createOutcomeIntake(deps: IntakeDeps): OutcomeIntake {
  const counts = { accepted: 0, refused: 0, skipped: 0, lost: 0 };
  const isNew = createObservedOutcomes();
  return {
    take: (entry, source) => {
      const result = takeOne(readLoggingPayload(entry, source), { ...deps, isNew });
      counts[typeof result === "string" ? result : "refused"] += 1;
      return result;
    },
    addLost: (outcomes) => {
      counts.lost += outcomes;
    },
    counts: () => ({ ...counts }),
  };
}

interface TakeDeps extends IntakeDeps {
  /** Whether an outcome is reported for the first time: a batch whose answer got lost comes again. */
  readonly isNew: (outcome: Outcome) => boolean;
}

function takeOne(outcome: ReadPayload, deps: TakeDeps): Intake {
  if (outcome === "skip") return "skipped";
  if ("refused" in outcome) return outcome;
  if (timeOfUuid7(outcome.decisionId) === null) return { refused: "decision_id: expected a UUIDv7" };
  const now = deps.now();
  const row = toOutcomeRow(outcome, { privacy: deps.privacy, costs: costsOf(outcome, deps), now });
  const refusal = deps.recordOutcome(row);
  if (refusal !== null) return { refused: REFUSALS[refusal] };
  const observation = deps.isNew(outcome) ? toObservation(outcome) : null;
  if (observation !== null) deps.health.observe(observation, now.getTime());
  return "accepted";
}

/** Methods of decisions that a baseline is stated for: those by need, not by name. */
const BY_NEED: ReadonlySet<string | null> = new Set(["auto", "rule", "override", "pattern", "fallback"]);

function costsOf(outcome: Outcome, { catalog, snapshot }: IntakeDeps): OutcomeCosts {
  const models = catalog.current()?.models;
  const find = (model: string | null) => (model === null ? undefined : models?.get(model));
  const costUsd = trueCostUsd(outcome, find(outcome.servedBy));
  if (!BY_NEED.has(outcome.method)) return { costUsd, baselineCostUsd: null };
  return { costUsd, baselineCostUsd: baselineCostUsd(outcome, find(snapshot().policy.baselineModel)) };
}

/** LiteLLM says 0 of a price that it does not know: where the catalogue has none either, the cost is not known. */
function trueCostUsd(outcome: Outcome, model: CatalogModel | undefined): number | null {
  const { costUsd } = outcome;
  if (costUsd !== 0 || usesNoTokens(outcome)) return costUsd;
  const hasPrice =
    typeof model?.inputCostPerToken === "number" && typeof model.outputCostPerToken === "number";
  return hasPrice ? costUsd : null;
}

/** An answer from LiteLLM's own cache would have come from it on any model: it is no saving of routing's. */
function baselineCostUsd(outcome: Outcome, model: CatalogModel | undefined): number | null {
  if (outcome.cacheHit === true) return 0;
  const { promptTokens, completionTokens, cachedTokens } = outcome;
  if (promptTokens === null || completionTokens === null) return null;
  return tokenCostUsd(
    { prompt: promptTokens, completion: completionTokens, cached: cachedTokens ?? 0 },
    model,
  );
}

function usesNoTokens({ cacheHit, promptTokens, completionTokens }: Outcome): boolean {
  return cacheHit === true || (promptTokens === 0 && completionTokens === 0);
}

/** Statuses by which a provider says that it cannot serve now; the others below 500 are the request's own fault. */
const PROVIDER_FAULTS: ReadonlySet<number> = new Set([408, 429]);

/** So LiteLLM itself refuses a call: the caller is over a budget, or a guardrail or another hook failed. */
const REFUSALS_OF_LITELLM: ReadonlySet<string | null> = new Set([
  "BudgetExceededError",
  "HTTPException",
  "ProxyException",
]);

/** Class of a call that took longer than its client, or the operator, has LiteLLM wait. */
const TIMED_OUT = "Timeout";

/** What a call says of its model; null where it says nothing: another cache answered, or no model was reached. */
function toObservation(outcome: Outcome): Observation | null {
  if (outcome.servedBy === null || outcome.cacheHit === true) return null;
  // After a retry or a fallback the times count those, too.
  const isFirst = (outcome.retries ?? 0) === 0 && (outcome.fallbackDepth ?? 0) === 0;
  const result = resultOf(outcome);
  const isAnswer = isFirst && outcome.status === "success";
  return {
    model: outcome.servedBy,
    result,
    latencyMs: isAnswer || result === "timed_out" ? outcome.latencyMs : null,
    ttftMs: isFirst && outcome.status !== "failure" ? outcome.ttftMs : null,
  };
}

function resultOf({ status, httpStatus, errorClass }: Outcome): Observation["result"] {
  if (status === "success") return "answered";
  if (status === "cancelled" || REFUSALS_OF_LITELLM.has(errorClass)) return "neither";
  if (errorClass === TIMED_OUT) return "timed_out";
  return httpStatus === null || httpStatus >= 500 || PROVIDER_FAULTS.has(httpStatus) ? "failed" : "neither";
}
