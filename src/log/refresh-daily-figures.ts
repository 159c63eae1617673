import type { ClientBase } from "pg";

/** A day of 40 million decisions takes some minutes, longer than connections wait otherwise. */
const TIMEOUT_MS = 600_000;

/**
 * Computes the figures of all days that miss some, oldest first, each in a transaction of its own. Leaves it to
 * another process that is at it.
 */
export async function refreshDailyFigures(client: ClientBase): Promise<void> {
  let day: string | null = "-infinity";
  while (day !== null) day = await refreshNext(client, day);
}

/** @returns the day that was computed, null where there is none. */
async function refreshNext(client: ClientBase, after: string): Promise<string | null> {
  const text = "SELECT routing_refresh_daily($1)::text AS day";
  const statement = { text, values: [after], query_timeout: TIMEOUT_MS };
  const { rows } = await client.query<{ day: string | null }>(statement);
  return rows[0]?.day ?? null;
}
