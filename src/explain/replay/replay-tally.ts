import type { Decision } from "../../decide/decision.ts";
import type { LoggedDecision } from "../logged/logged-decision.ts";
import type { ScoredBy } from "../logged/logged-score.ts";
import type { Redecide } from "../logged/redecide.ts";
import { Counter } from "./counter.ts";
import { type OffPolicyReport, OffPolicyTally } from "./off-policy.ts";

/** Where a request went, or would go. */
interface Served {
  readonly tier: string | null;
  readonly model: string;
  /** USD, estimated; null where no price is known. */
  readonly estimated_cost_usd: number | null;
}

/** A row whose tier or model would be another one. */
export interface ChangedRow {
  readonly id: string;
  readonly timestamp: string;
  readonly original_model: string;
  readonly before: Served & { readonly score: number | null };
  readonly after: Served & { readonly score: number | null; readonly reason: string };
  /** What the later score was told from. */
  readonly scored_by: ScoredBy;
  /** The logged tier had been drawn by lot. */
  readonly was_explored: boolean;
}

/** How often something was chosen, and would be. */
interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/** What a policy would change. */
export interface ReplayReport {
  /** Rows that could be read. */
  readonly rows: number;
  readonly decided: number;
  readonly scored_by: Readonly<Record<ScoredBy, number>>;
  /** Rows that could not be decided again, by why. */
  readonly undecided: Readonly<Record<string, number>>;
  readonly changed: number;
  /** Of these: rows that had been tried in another tier by lot. */
  readonly changed_explored: number;
  /** By name; "-" is no tier. */
  readonly tiers: Readonly<Record<string, BeforeAfter>>;
  readonly models: Readonly<Record<string, BeforeAfter>>;
  /** Rows by "from -> to". */
  readonly moves: Readonly<Record<string, number>>;
  readonly cost: {
    /** Rows whose cost is known under both policies. */
    readonly rows: number;
    readonly unknown: number;
    /** Of these rows, USD. */
    readonly before_usd: number;
    readonly after_usd: number;
  };
  /** null where nothing in the log was decided at random. */
  readonly off_policy: OffPolicyReport | null;
}

/** Counts what a policy would change, row by row, in bounded memory. */
export class ReplayTally {
  readonly #redecide: Redecide;
  readonly #scoredBy = { log: 0, text: 0, features: 0, none: 0 };
  readonly #undecided = new Counter();
  readonly #tiers = { before: new Counter(), after: new Counter() };
  readonly #models = { before: new Counter(), after: new Counter() };
  readonly #moves = new Counter();
  readonly #offPolicy: OffPolicyTally;
  readonly #costs = { rows: 0, unknown: 0, before_usd: 0, after_usd: 0 };
  #rows = 0;
  #decided = 0;
  #changed = 0;
  #changedExplored = 0;

  /** @param withoutLots decides by the same policy, and tries nothing by lot */
  constructor(redecide: Redecide, withoutLots: Redecide) {
    this.#redecide = redecide;
    this.#offPolicy = new OffPolicyTally(withoutLots);
  }

  /** Decides a row again; gives it where its tier or model would be another one, else null. */
  add(row: LoggedDecision): ChangedRow | null {
    this.#rows += 1;
    const again = this.#redecide(row);
    if (!again.ok) {
      this.#undecided.add(again.why);
      return null;
    }
    const { decision, by } = again;
    this.#decided += 1;
    this.#scoredBy[by] += 1;
    this.#count(row, decision);
    this.#offPolicy.add(row, decision);
    if (decision.tier === row.tier && decision.model === row.resolved_model) return null;
    this.#changed += 1;
    if (row.explored_from !== null) this.#changedExplored += 1;
    this.#moves.add(`${row.tier ?? "-"} -> ${decision.tier ?? "-"}`);
    return changeOf(row, decision, by);
  }

  report(): ReplayReport {
    return {
      rows: this.#rows,
      decided: this.#decided,
      scored_by: { ...this.#scoredBy },
      undecided: this.#undecided.counts(),
      changed: this.#changed,
      changed_explored: this.#changedExplored,
      tiers: beforeAfter(this.#tiers),
      models: beforeAfter(this.#models),
      moves: this.#moves.counts(),
      cost: { ...this.#costs },
      off_policy: this.#offPolicy.report(),
    };
  }

  #count(row: LoggedDecision, { tier, model, estimatedCostUsd }: Decision): void {
    this.#tiers.before.add(row.tier ?? "-");
    this.#tiers.after.add(tier ?? "-");
    this.#models.before.add(row.resolved_model);
    this.#models.after.add(model);
    if (row.estimated_cost_usd === null || estimatedCostUsd === null) {
      this.#costs.unknown += 1;
      return;
    }
    this.#costs.rows += 1;
    this.#costs.before_usd += row.estimated_cost_usd;
    this.#costs.after_usd += estimatedCostUsd;
  }
}

function beforeAfter(counters: {
  readonly before: Counter;
  readonly after: Counter;
}): Record<string, BeforeAfter> {
  const [before, after] = [counters.before.counts(), counters.after.counts()];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const entries = [...names].map(
    (name) => [name, { before: before[name] ?? 0, after: after[name] ?? 0 }] as const,
  );
  return Object.fromEntries(entries);
}

function changeOf(row: LoggedDecision, decision: Decision, by: ScoredBy): ChangedRow {
  const { tier, model, estimatedCostUsd, score, reason } = decision;
  return {
    id: row.id,
    timestamp: row.timestamp.toISOString(),
    original_model: row.original_model,
    before: {
      tier: row.tier,
      model: row.resolved_model,
      estimated_cost_usd: row.estimated_cost_usd,
      score: row.score,
    },
    after: { tier, model, estimated_cost_usd: estimatedCostUsd, score, reason },
    scored_by: by,
    was_explored: row.explored_from !== null,
  };
}
