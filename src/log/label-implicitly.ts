import type { ClientBase } from "pg";

/** A day of 40 million decisions takes some minutes, longer than connections wait otherwise. */
const TIMEOUT_MS = 600_000;

/**
 * Writes the implicit signals about the decisions since a time into routing_labels; those that are there stay.
 * Leaves it to another process that is at it. The signals are described in sql/0004_implicit_labels.sql.
 */
export async function labelImplicitly(client: ClientBase, since: Date): Promise<void> {
  const text = "SELECT routing_label_implicitly($1)";
  const statement = { text, values: [since], query_timeout: TIMEOUT_MS };
  await client.query(statement);
}
