import pg from "pg";
import { inject } from "vitest";
import { z } from "zod";
import { loggedPost } from "./provider.ts";
import { until } from "./until.ts";

const joined = z.object({
  tier: z.string().nullable(),
  resolved_model: z.string(),
  applied_model: z.string().nullable(),
  denied_models: z.array(z.string()).nullable(),
  status: z.enum(["success", "failure", "cancelled"]),
  error_class: z.string().nullable(),
  http_status: z.number().nullable(),
  prompt_tokens: z.number().nullable(),
  completion_tokens: z.number().nullable(),
  reasoning_tokens: z.number().nullable(),
  cached_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  baseline_cost_usd: z.number().nullable(),
  latency_ms: z.number().nullable(),
  ttft_ms: z.number().nullable(),
  served_by: z.string().nullable(),
  fallback_depth: z.number().nullable(),
  retries: z.number().nullable(),
  finish_reason: z.string().nullable(),
  tool_calls: z.array(z.string()).nullable(),
  stream: z.boolean().nullable(),
  cache_hit: z.boolean().nullable(),
  source: z.string(),
});

/** A decision with its outcome. */
export type JoinedRow = Readonly<z.infer<typeof joined>>;

/** Longest time from the answer to the joined row, in milliseconds. */
const rowWithinMs = 20_000;

/** Reads routing_logs joined with routing_outcomes over one connection; close() when done. */
export class Outcomes {
  readonly #client = new pg.Client({ connectionString: inject("stack").databaseUrl });

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** Waits for the outcome of a decision, of that status. @throws where it does not come. */
  of(decisionId: string, status: JoinedRow["status"]): Promise<JoinedRow> {
    return until(`a ${status} of ${decisionId}`, rowWithinMs, async () => {
      const row = await this.#find(decisionId);
      return row?.status === status ? row : null;
    });
  }

  /** Waits for the decision about the text with that marker. @returns its id. @throws where it does not come. */
  decisionAbout(marker: string): Promise<string> {
    return until(`a decision about ${marker}`, rowWithinMs, async () => {
      const { rows } = await this.#client.query(
        "SELECT id::text FROM routing_logs WHERE position($1 in user_text) > 0",
        [marker],
      );
      return (
        z
          .array(z.object({ id: z.string() }))
          .max(1)
          .parse(rows)[0]?.id ?? null
      );
    });
  }

  async #find(decisionId: string): Promise<JoinedRow | undefined> {
    const columns = Object.keys(joined.shape).join(", ");
    const { rows } = await this.#client.query(
      `SELECT ${columns} FROM routing_logs JOIN routing_outcomes ON decision_id = id
       WHERE id::text = $1`,
      [decisionId],
    );
    return z.array(joined).max(1).parse(rows)[0];
  }
}

/** Waits for what LiteLLM's own logger posted of a decision. */
export function loggedOf(decisionId: string): Promise<object> {
  return until(`LiteLLM's own account of ${decisionId}`, rowWithinMs, async () => {
    const response = await fetch(new URL("/__logged", inject("stack").providerUrl));
    const posts = z.array(loggedPost).parse(await response.json());
    const entries = posts.flatMap((post) => post.entries);
    return entries.find((one) => JSON.stringify(one).includes(decisionId)) ?? null;
  });
}
