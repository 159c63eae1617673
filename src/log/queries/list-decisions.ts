import type { ClientBase } from "pg";
import { uuidLowerBound } from "../uuid-lower-bound.ts";
import { conditionsOf, type DecisionFilter, type Range } from "./decision-filter.ts";

export interface ListOptions {
  readonly filter: DecisionFilter;
  /** Id of the last row of the page before; null for the newest rows. */
  readonly before: string | null;
  /** Most rows, at least 1. */
  readonly limit: number;
}

/** A decision as a list shows it. What belongs to the outcome is null where none was reported. */
export interface DecisionSummary {
  readonly id: string;
  readonly timestamp: Date;
  readonly original_model: string;
  readonly resolved_model: string;
  readonly method: string;
  readonly tier: string | null;
  readonly strategy: string | null;
  readonly score: number | null;
  readonly confidence: number | null;
  readonly reason: string;
  readonly mode: string;
  readonly rollout: string | null;
  readonly category: string | null;
  readonly language: string | null;
  readonly key_hash: string | null;
  readonly team_id: string | null;
  readonly user_id: string | null;
  readonly conversation_id: string | null;
  readonly turn: number;
  readonly input_tokens_estimate: number;
  readonly estimated_cost_usd: number | null;
  readonly decide_us: number;
  readonly status: "success" | "failure" | "cancelled" | null;
  readonly error_class: string | null;
  readonly served_by: string | null;
  readonly cost_usd: number | null;
  readonly baseline_cost_usd: number | null;
  readonly latency_ms: number | null;
  readonly finish_reason: string | null;
  readonly cache_hit: boolean | null;
  readonly feedback_up: number;
  readonly feedback_down: number;
}

const DAY_MS = 86_400_000;
const FIRST_WINDOW_MS = 7 * DAY_MS;
const WINDOW_GROWTH = 4;

/**
 * Lists decisions, newest first. Looks into the last week, then into the four weeks before and so on until the
 * page is full: to plan a query of few partitions takes a few milliseconds, of all of them a hundred.
 */
export async function listDecisions(client: ClientBase, options: ListOptions): Promise<DecisionSummary[]> {
  const { filter, before, limit } = options;
  const found: DecisionSummary[] = [];
  const since = filter.since?.getTime() ?? 0;
  // Where it reaches no further than partitions do, the database reads them in their order and stops early.
  const end = filter.until ?? new Date(Date.now() + DAY_MS);
  const top = lowest(uuidLowerBound(end), before);
  let [startMs, windowMs, above] = [timeOf(top), FIRST_WINDOW_MS, top];
  while (found.length < limit && startMs > since) {
    startMs = Math.max(since, startMs - windowMs);
    windowMs *= WINDOW_GROWTH;
    const below = uuidLowerBound(new Date(startMs));
    const range = { from: below, to: above };
    found.push(...(await listRange(client, { filter, range, limit: limit - found.length })));
    above = below;
  }
  return found;
}

function lowest(bound: string, before: string | null): string {
  return before !== null && before.toLowerCase() < bound ? before.toLowerCase() : bound;
}

/** Milliseconds since 1970 that come after all ids below this one. */
function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) + 1;
}

interface RangeOptions {
  readonly filter: DecisionFilter;
  readonly range: Range;
  readonly limit: number;
}

/**
 * The ids are found by what the key carries, without a look at the rows; then the rows of a page are read. The
 * statement has no name: it is planned for its values, of whose partitions there are few.
 */
async function listRange(client: ClientBase, options: RangeOptions) {
  const { joins, conditions, values } = conditionsOf(options.filter, options.range);
  const { rows } = await client.query<DecisionSummary>(
    `WITH page AS MATERIALIZED (
       SELECT l.id FROM routing_logs l ${joins}
       WHERE ${conditions}
       ORDER BY l.id DESC LIMIT $${values.length + 1}
     )
     SELECT l.id, l.timestamp, l.original_model, l.resolved_model, l.method, l.tier, l.strategy, l.score,
       l.confidence, l.reason, l.mode, l.rollout, l.category, l.language, l.key_hash, l.team_id, l.user_id,
       l.conversation_id, l.turn,
       l.input_tokens_estimate, l.estimated_cost_usd, l.decide_us, o.status, o.error_class, o.served_by,
       o.cost_usd, o.baseline_cost_usd, o.latency_ms, o.finish_reason, o.cache_hit,
       f.up AS feedback_up, f.down AS feedback_down
     FROM page
     JOIN routing_logs l ON l.id = page.id AND l.id >= $1 AND l.id < $2
     LEFT JOIN routing_outcomes o ON o.decision_id = page.id AND o.decision_id >= $1 AND o.decision_id < $2
     CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE rating = 'up'))::integer AS up,
              (count(*) FILTER (WHERE rating = 'down'))::integer AS down
       FROM routing_feedback
       WHERE decision_id = page.id AND decision_id >= $1 AND decision_id < $2
     ) AS f
     ORDER BY l.id DESC`,
    [...values, options.limit],
  );
  return rows;
}
