import type { Decision } from "../../decide/decision.ts";
import { drawOf } from "../../decide/draws.ts";
import { type LoggedDecision, stepOf } from "../logged/logged-decision.ts";
import type { Redecide } from "../logged/redecide.ts";
import { Counter } from "./counter.ts";
import { type OffPolicy, Snips } from "./snips.ts";

/** What the policy would have reached, by calls that were served at random. */
export interface OffPolicyReport {
  /** Share of the calls that succeeded and that nobody rated down more often than up. */
  readonly success: OffPolicy;
  /** True cost of a call, of those whose cost is known. */
  readonly cost_usd: OffPolicy;
  /** Calls of the log that say nothing, by why. */
  readonly left_out: Readonly<Record<string, number>>;
}

/** Of the resamples. */
const SEED = 1;

/** Weighs calls of the log for what another policy would have reached. */
export class OffPolicyTally {
  readonly #withoutLots: Redecide;
  readonly #success = new Snips();
  readonly #cost = new Snips();
  readonly #leftOut = new Counter();
  #isRandom = false;

  /** @param withoutLots decides by the policy, and tries nothing by lot */
  constructor(withoutLots: Redecide) {
    this.#withoutLots = withoutLots;
  }

  /** @param decision the other policy's, of this row. */
  add(row: LoggedDecision, decision: Decision): void {
    if (row.propensity < 1) this.#isRandom = true;
    const silence = silenceOf(row);
    if (silence !== null) {
      this.#leftOut.add(silence);
      return;
    }
    const chosen = decision.propensity < 1 ? this.#chooseAnew(row, decision) : decision.model;
    if (chosen === null || !couldHaveServed(row).has(chosen)) {
      this.#leftOut.add("the log could not have served what the policy chooses");
      return;
    }
    const weight = chosen === row.resolved_model ? 1 / row.propensity : 0;
    const unit = row.conversation_id ?? row.id;
    this.#success.add({ unit, weight, value: isSuccess(row) ? 1 : 0 });
    if (row.cost_usd !== null) this.#cost.add({ unit, weight, value: row.cost_usd });
  }

  /** null where nothing in the log was decided at random. */
  report(): OffPolicyReport | null {
    if (!this.#isRandom) return null;
    const success = this.#success.estimate(SEED);
    return { success, cost_usd: this.#cost.estimate(SEED), left_out: this.#leftOut.counts() };
  }

  /** Without what was tried by lot, and with splits drawn anew. */
  #chooseAnew(row: LoggedDecision, decision: Decision): string | null {
    const again = decision.exploredFrom === null ? null : this.#withoutLots(row);
    if (again?.ok === false) return null;
    const { propensity, model } = again?.decision ?? decision;
    return propensity < 1 ? this.#drawAnew(row) : model;
  }

  /** What a split by weight chooses by a draw of its own: by the log's draw it would always agree with the log. */
  #drawAnew(row: LoggedDecision): string | null {
    const again = this.#withoutLots(row, drawOf(`replay\n${row.conversation_id ?? row.id}`, "neighbour"));
    return again.ok ? again.decision.model : null;
  }
}

function isSuccess({ status, feedback_up, feedback_down }: LoggedDecision): boolean {
  return status === "success" && (feedback_down ?? 0) <= (feedback_up ?? 0);
}

/** Why a row says nothing of what a choice leads to; null where it does. */
function silenceOf(row: LoggedDecision): string | null {
  if (row.method === "passthrough") return "served as asked, whatever the policy";
  if (stepOf(row, "response")?.refusal === null)
    return "a tool loop went on with the model of its last response";
  if (row.mode !== "enforce") return "only logged, not served";
  const silence = silenceOfOutcome(row);
  if (silence !== null) return silence;
  // Those that agree with the policy would outweigh what was tried, and those that do not are unknown.
  if (row.propensity >= 1) return "its model was not drawn at random";
  return row.trace === null ? "drawn at random, and exported without its trace" : null;
}

function silenceOfOutcome({
  status,
  served_by,
  applied_model,
  resolved_model,
}: LoggedDecision): string | null {
  if (status !== "success" && status !== "failure") return "no outcome, or cancelled by its client";
  if (status === "failure" && served_by === null) return "it failed before a model was asked";
  const isAnother = applied_model !== null && applied_model !== resolved_model;
  return isAnother ? "another model was served than was decided on" : null;
}

/** The models that the log could have served, given the request. */
function couldHaveServed(row: LoggedDecision): ReadonlySet<string> {
  const tiers = stepOf(row, "explore")?.tiers.map(({ tier }) => tier) ?? [row.tier];
  return new Set(tiers.flatMap((tier) => firstOf(row, tier)));
}

/** The models of a tier that could have come first: all of a split by weight. */
function firstOf({ candidates, pick }: LoggedDecision, tier: string | null): string[] {
  const able = (candidates ?? []).filter(
    (candidate) => candidate.tier === tier && candidate.refusal === null,
  );
  const first = pick === "weighted" ? able : able.slice(0, 1);
  return first.map(({ model }) => model);
}
