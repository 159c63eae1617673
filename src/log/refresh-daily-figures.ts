import type { ClientBase } from "pg";

/**
 * Computes the figures of all days that miss some, oldest first, each in a transaction of its own. Leaves it to
 * another process that is at it.
 */
export async function refreshDailyFigures(client: ClientBase): Promise<void> {
  let day: string | null = "-infinity";
  while (day !== null) {
    const { rows }: { rows: { day: string | null }[] } = await client.query(
      "SELECT routing_refresh_daily($1)::text AS day",
      [day],
    );
    day = rows[0]?.day ?? null;
  }
}
