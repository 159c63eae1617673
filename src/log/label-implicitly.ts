import type { ClientBase } from "pg";

/**
 * Writes the implicit signals about the decisions since a time into routing_labels; those that are there stay.
 * Leaves it to another process that is at it. The signals are described in sql/0004_implicit_labels.sql.
 */
export async function labelImplicitly(client: ClientBase, since: Date): Promise<void> {
  await client.query("SELECT routing_label_implicitly($1)", [since]);
}
