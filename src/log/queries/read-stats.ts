import type { ClientBase } from "pg";
import { LATENCY_BUCKETS, latencyPercentile } from "./latency-percentile.ts";

/** Figures of a number of decisions. */
interface StatsFigures {
  /** Decisions. */
  readonly requests: number;
  /** Decisions whose outcome was reported. */
  readonly outcomes: number;
  readonly failures: number;
  readonly cancelled: number;
  readonly cacheHits: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reasoningTokens: number;
  readonly cachedTokens: number;
  /** True cost of the `costKnown` calls whose cost is known, in USD. */
  readonly costUsd: number;
  readonly costKnown: number;
  readonly classifierCostUsd: number;
  /** Against the baseline, net of the classifier, over `savingsKnown` decisions, in USD; below 0 where routing cost more. */
  readonly savingsUsd: number;
  readonly savingsKnown: number;
  /** Decisions with a baseline that `savingsUsd` leaves out, because a cost is not known. */
  readonly savingsUnknown: number;
  /** Failures a reported outcome, 0 to 1; null where none was reported. */
  readonly errorRatio: number | null;
  /** Of successful calls, true to 19 %; null where there is none. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** Figures of the decisions that have one value in common; null is a value too. */
interface StatsGroup extends StatsFigures {
  readonly value: string | null;
}

export interface Stats {
  readonly total: StatsFigures;
  /** Oldest first; the value is 2026-01-31 for one. */
  readonly byDay: readonly StatsGroup[];
  /** The others: most requests first. */
  readonly byTier: readonly StatsGroup[];
  readonly byModel: readonly StatsGroup[];
  readonly byMethod: readonly StatsGroup[];
  readonly byStrategy: readonly StatsGroup[];
  /** `policy` and `control` while a policy is rolled out to a share; null: decisions of no rollout. */
  readonly byRollout: readonly StatsGroup[];
  /** null: no human turn, or counted before categories were. */
  readonly byCategory: readonly StatsGroup[];
}

/** Days of UTC, both included, as 2026-01-31. */
export interface StatsDays {
  readonly since: string;
  readonly until: string;
}

type Dimension = "day" | "tier" | "model" | "method" | "strategy" | "rollout" | "category" | "total";

type StatsRow = Omit<StatsFigures, "errorRatio" | "latencyMs"> & {
  readonly dimension: Dimension;
  readonly value: string | null;
  readonly latencyCounts: readonly number[];
};

/** Reads the figures of some days from routing_daily, and from the log what is too new to be there. */
export async function readStats(client: ClientBase, { since, until }: StatsDays): Promise<Stats> {
  const { rows } = await client.query<StatsRow>({
    name: "signalbox_read_stats",
    text: READ,
    values: [since, until],
  });
  const groups = (dimension: Dimension) =>
    rows.filter((row) => row.dimension === dimension).map((row) => ({ value: row.value, ...figuresOf(row) }));
  const [total] = rows.filter(({ dimension }) => dimension === "total");
  if (total === undefined) throw new Error("Cannot read the figures: found no total, expected one row");
  return {
    total: figuresOf(total),
    byDay: groups("day"),
    byTier: groups("tier"),
    byModel: groups("model"),
    byMethod: groups("method"),
    byStrategy: groups("strategy"),
    byRollout: groups("rollout"),
    byCategory: groups("category"),
  };
}

function figuresOf({ dimension, value, latencyCounts, ...figures }: StatsRow): StatsFigures {
  const { failures, outcomes } = figures;
  return {
    ...figures,
    errorRatio: outcomes === 0 ? null : failures / outcomes,
    latencyMs: percentilesOf(latencyCounts),
  };
}

function percentilesOf(counts: readonly number[]): StatsFigures["latencyMs"] {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((ratio) => latencyPercentile(counts, ratio));
  if (typeof p50 !== "number" || typeof p95 !== "number" || typeof p99 !== "number") return null;
  return { p50, p95, p99 };
}

const SUMS = {
  requests: "requests",
  outcomes: "outcomes",
  failures: "failures",
  cancelled: "cancelled",
  cacheHits: "cache_hits",
  promptTokens: "prompt_tokens",
  completionTokens: "completion_tokens",
  reasoningTokens: "reasoning_tokens",
  cachedTokens: "cached_tokens",
  costUsd: "cost_usd",
  costKnown: "cost_known",
  classifierCostUsd: "classifier_cost_usd",
  savingsUsd: "savings_usd",
  savingsKnown: "savings_known",
  savingsUnknown: "savings_unknown",
} as const satisfies Readonly<Record<keyof Omit<StatsFigures, "errorRatio" | "latencyMs">, string>>;

const sums = Object.entries(SUMS).map(
  ([name, column]) => `coalesce(sum(${column}), 0)::double precision AS "${name}"`,
);
/** A sum for each element: twenty times as fast as to take the arrays apart. */
const latencySums = Array.from(
  { length: LATENCY_BUCKETS },
  (_, at) => `coalesce(sum(latency_counts[${at + 1}]), 0)::double precision`,
);

const READ = `
  SELECT
    CASE 0 WHEN grouping(day) THEN 'day' WHEN grouping(tier) THEN 'tier' WHEN grouping(model) THEN 'model'
      WHEN grouping(method) THEN 'method' WHEN grouping(strategy) THEN 'strategy'
      WHEN grouping(rollout) THEN 'rollout' WHEN grouping(category) THEN 'category' ELSE 'total' END AS dimension,
    coalesce(day::text, tier, model, method, strategy, rollout, category) AS value,
    ${sums.join(",\n    ")},
    ARRAY[${latencySums.join(", ")}] AS "latencyCounts"
  FROM routing_figures($1, $2)
  GROUP BY GROUPING SETS ((), (day), (tier), (model), (method), (strategy), (rollout), (category))
  ORDER BY day, sum(requests) DESC, value`;
