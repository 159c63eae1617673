import type { EmbeddingStatus } from "./embedding/embedding-filler.ts";
import type { MaintenanceStatus } from "./maintenance.ts";
import type { RecorderStatus } from "./recorder.ts";

/**
 * What an operator should look at now of the log, a sentence each. While the database takes no rows, its upkeep and the
 * embeddings fail with it, and look later whether it is back: one outage is one alarm.
 */
export function logAlarms(
  written: Pick<RecorderStatus, "alarms" | "lastError">,
  kept: Pick<MaintenanceStatus, "alarms" | "lastError" | "isAway">,
  embedded: Pick<EmbeddingStatus, "lastError" | "isAway"> | null,
): string[] {
  const troubles = [
    troubleOf("the upkeep of the database could not do everything", kept),
    troubleOf("no embeddings are made", embedded),
  ].filter((trouble) => trouble !== null);
  return [...written.alarms, ...(written.lastError === null ? troubles : []), ...kept.alarms];
}

/** What is tried again by itself, and does not work now; null where it works, or the database is away. */
function troubleOf(
  what: string,
  status: Pick<EmbeddingStatus, "lastError" | "isAway"> | null,
): string | null {
  return status === null || status.lastError === null || status.isAway
    ? null
    : `${what}: ${status.lastError}`;
}
