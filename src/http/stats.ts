import { z } from "zod";
import type { LogReader } from "../log/log-reader.ts";
import type { Stats, StatsDays } from "../log/queries/read-stats.ts";
import { type Endpoint, queryEndpoint } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";
import { noFields } from "./query.ts";
import { readLog } from "./read-log.ts";
import type { Snapshot } from "./router.ts";

export interface StatsDeps {
  /** null where nothing is logged. */
  readonly reader: LogReader | null;
  readonly snapshot: () => Snapshot;
  readonly now: () => Date;
}

const DEFAULT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Ids know no time before it, and PostgreSQL no year 0. */
const FIRST_DAY = "1970-01-01";
const daySchema = z.iso.date().refine((day) => day >= FIRST_DAY, {
  error: `expected a day from ${FIRST_DAY} on`,
});

const querySchema = z.strictObject({
  since: daySchema
    .optional()
    .describe(`First day of UTC, ${DEFAULT_DAYS - 1} days before \`until\` unless given`),
  until: daySchema.optional().describe("Last day of UTC, included; today unless given"),
});

const figuresSchema = z.object({
  requests: z.int().describe("Decisions"),
  outcomes: z.int().describe("Decisions whose outcome was reported"),
  failures: z.int(),
  cancelled: z.int(),
  error_rate: z.number().nullable().describe("Failures an outcome, 0 to 1; null without outcomes"),
  cache_hits: z.int(),
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  reasoning_tokens: z.int().describe("Among the completion's"),
  cached_tokens: z.int().describe("Among the prompt's"),
  cost_usd: z.number().describe("True cost of the calls whose cost is known"),
  cost_known_requests: z.int(),
  classifier_cost_usd: z.number(),
  latency_ms: z
    .object({ p50: z.number(), p95: z.number(), p99: z.number() })
    .nullable()
    .describe("Of successful calls, true to 19 %; null without any"),
  savings: z
    .object({
      usd: z
        .number()
        .describe("Cost on the baseline - true cost - the classifier's; below 0 where routing cost more"),
      requests: z.int().describe("Decisions in `usd`: routed by need, both costs known, not in shadow mode"),
      unknown_cost_requests: z
        .int()
        .describe("Decisions with a baseline left out because a cost is not known"),
    })
    .describe("Against the baseline model"),
});

const statsSchema = z.object({
  since: z.iso.date(),
  until: z.iso.date(),
  baseline_model: z
    .string()
    .describe("What decisions are compared to now; each is compared to the one in force when it was made"),
  total: figuresSchema,
  by_day: z.array(figuresSchema.extend({ day: z.string() })).describe("Oldest first"),
  by_tier: z.array(figuresSchema.extend({ tier: z.string().nullable() })).describe("null: not auto-routed"),
  by_model: z
    .array(figuresSchema.extend({ model: z.string() }))
    .describe("By the model that was decided for"),
  by_method: z.array(figuresSchema.extend({ method: z.string() })),
  by_strategy: z.array(figuresSchema.extend({ strategy: z.string().nullable() })).describe("null: none ran"),
  by_rollout: z
    .array(figuresSchema.extend({ rollout: z.string().nullable() }))
    .describe("`policy`: served by it, `control`: served without it; null: decided in no rollout"),
  by_category: z
    .array(figuresSchema.extend({ category: z.string().nullable() }))
    .describe(
      "By the kind of work that the newest human turn asks for; null: no human turn, or counted before categories were",
    ),
});

/** The answer of GET /v1/stats. */
export type StatsReply = z.output<typeof statsSchema>;

/** GET /v1/stats. */
export function statsEndpoints(deps: StatsDeps): Endpoint[] {
  return [
    queryEndpoint(
      {
        method: "get",
        path: "/v1/stats",
        scopes: ["admin"],
        summary:
          "Requests, tokens, true cost, latency, errors and savings, by day, tier, model, method and category",
      },
      {
        params: noFields,
        query: querySchema,
        reply: statsSchema,
        handle: async ({ query }) => {
          const days = daysOf(query, deps.now());
          const stats = await readLog(deps.reader, (log) => log.stats(days));
          return { ...days, baseline_model: deps.snapshot().policy.baselineModel, ...describeStats(stats) };
        },
      },
    ),
  ];
}

function daysOf({ since, until }: z.output<typeof querySchema>, now: Date): StatsDays {
  const last = until ?? dayOf(now.getTime());
  const first = since ?? dayOf(Date.parse(last) - (DEFAULT_DAYS - 1) * DAY_MS);
  if (first <= last) return { since: first, until: last };
  throw new HttpError("invalid_request", "Cannot read the query: since: expected a day not after until");
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function describeStats(stats: Stats) {
  const named = ({ value, ...figures }: Stats["byDay"][number]) => ({
    name: value,
    figures: describeFigures(figures),
  });
  return {
    total: describeFigures(stats.total),
    by_day: stats.byDay.map(named).map(({ name, figures }) => ({ day: name ?? "", ...figures })),
    by_tier: stats.byTier.map(named).map(({ name, figures }) => ({ tier: name, ...figures })),
    by_model: stats.byModel.map(named).map(({ name, figures }) => ({ model: name ?? "", ...figures })),
    by_method: stats.byMethod.map(named).map(({ name, figures }) => ({ method: name ?? "", ...figures })),
    by_strategy: stats.byStrategy.map(named).map(({ name, figures }) => ({ strategy: name, ...figures })),
    by_rollout: stats.byRollout.map(named).map(({ name, figures }) => ({ rollout: name, ...figures })),
    by_category: stats.byCategory.map(named).map(({ name, figures }) => ({ category: name, ...figures })),
  };
}

function describeFigures(figures: Stats["total"]): z.input<typeof figuresSchema> {
  return {
    requests: figures.requests,
    outcomes: figures.outcomes,
    failures: figures.failures,
    cancelled: figures.cancelled,
    error_rate: figures.errorRatio,
    cache_hits: figures.cacheHits,
    prompt_tokens: figures.promptTokens,
    completion_tokens: figures.completionTokens,
    reasoning_tokens: figures.reasoningTokens,
    cached_tokens: figures.cachedTokens,
    cost_usd: figures.costUsd,
    cost_known_requests: figures.costKnown,
    classifier_cost_usd: figures.classifierCostUsd,
    latency_ms: figures.latencyMs,
    savings: {
      usd: figures.savingsUsd,
      requests: figures.savingsKnown,
      unknown_cost_requests: figures.savingsUnknown,
    },
  };
}
