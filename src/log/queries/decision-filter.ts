/** Which decisions: each that is given must fit. */
export interface DecisionFilter {
  /** From this time on. */
  readonly since?: Date | undefined;
  /** Before this time. */
  readonly until?: Date | undefined;
  readonly tier?: string | undefined;
  readonly method?: string | undefined;
  readonly strategy?: string | undefined;
  readonly mode?: string | undefined;
  readonly rollout?: string | undefined;
  readonly category?: string | undefined;
  readonly language?: string | undefined;
  readonly resolvedModel?: string | undefined;
  readonly originalModel?: string | undefined;
  readonly keyHash?: string | undefined;
  readonly teamId?: string | undefined;
  readonly userId?: string | undefined;
  readonly conversationId?: string | undefined;
  /** 0 to 100, included. */
  readonly minScore?: number | undefined;
  /** 0 to 100, included. */
  readonly maxScore?: number | undefined;
  /** Of the outcome. */
  readonly status?: "success" | "failure" | "cancelled" | undefined;
  /** Given at least once in feedback. */
  readonly rating?: "up" | "down" | undefined;
}

/** Ids from the first, included, to the second, excluded. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

const EQUALS = {
  tier: "l.tier",
  method: "l.method",
  strategy: "l.strategy",
  mode: "l.mode",
  rollout: "l.rollout",
  category: "l.category",
  language: "l.language",
  resolvedModel: "l.resolved_model",
  originalModel: "l.original_model",
  keyHash: "l.key_hash",
  teamId: "l.team_id",
  userId: "l.user_id",
  conversationId: "l.conversation_id",
  status: "o.status",
} as const satisfies { readonly [K in keyof DecisionFilter]?: string };

/**
 * Writes a filter as SQL over `routing_logs l`: $1 and $2 are the range, only what is given becomes a condition,
 * so that the database plans for nothing else.
 */
export function conditionsOf(filter: DecisionFilter, { from, to }: Range) {
  const values: unknown[] = [from, to];
  const conditions = ["l.id >= $1", "l.id < $2"];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${condition} $${values.length}`);
  };
  for (const [key, column] of Object.entries(EQUALS)) add(`${column} =`, Reflect.get(filter, key));
  add("l.score >=", filter.minScore);
  add("l.score <=", filter.maxScore);
  // Said once more, for the index of the few that failed.
  if (filter.status !== undefined && filter.status !== "success") conditions.push("o.status <> 'success'");
  if (filter.rating !== undefined) {
    values.push(filter.rating);
    conditions.push(`EXISTS (SELECT FROM routing_feedback f WHERE f.decision_id = l.id
      AND f.decision_id >= $1 AND f.decision_id < $2 AND f.rating = $${values.length})`);
  }
  const joins =
    filter.status === undefined
      ? ""
      : "JOIN routing_outcomes o ON o.decision_id = l.id AND o.decision_id >= $1 AND o.decision_id < $2";
  return { joins, conditions: conditions.join(" AND "), values };
}
