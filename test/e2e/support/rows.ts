import pg from "pg";
import { inject } from "vitest";
import { z } from "zod";
import { until } from "./until.ts";

const routingLog = z.object({
  id: z.string(),
  method: z.string(),
  tier: z.string().nullable(),
  strategy: z.string().nullable(),
  score: z.number().nullable(),
  original_model: z.string(),
  resolved_model: z.string(),
  user_text: z.string().nullable(),
  trace: z.array(z.looseObject({ step: z.string() })),
});

/** A row of routing_logs, as far as these tests look at it. */
export type RoutingLog = Readonly<z.infer<typeof routingLog>>;

/** Longest time from the answer to the row, in milliseconds. */
const rowWithinMs = 10_000;

/** Reads routing_logs over one connection; close() when done. */
export class RoutingLogs {
  readonly #client = new pg.Client({ connectionString: inject("stack").databaseUrl });

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** Waits for the row of a decision, which is written off the request path. @throws where it does not come. */
  rowOf(decisionId: string): Promise<RoutingLog> {
    return until(`row ${decisionId} of routing_logs`, rowWithinMs, async () => {
      const { rows } = await this.#client.query(
        `select id::text, method, tier, strategy, score::float8, original_model, resolved_model, user_text, trace
           from routing_logs where id::text = $1`,
        [decisionId],
      );
      const [row] = z.array(routingLog).max(1).parse(rows);
      return row ?? null;
    });
  }

  /** Rows whose text of the user holds the marker. */
  async countOf(marker: string): Promise<number> {
    const { rows } = await this.#client.query(
      "select count(*)::int as count from routing_logs where position($1 in user_text) > 0",
      [marker],
    );
    return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
  }
}
