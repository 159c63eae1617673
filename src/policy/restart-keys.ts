import type { CollectorConfig } from "./policy.ts";
import { revisionOf } from "./revision.ts";

/** Settings of the log that are read when it is opened; `store_text` is looked at for each row. */
const READ_AT_START = {
  enabled: "routing.collector.enabled",
  retentionDays: "routing.collector.retention_days",
  outboxMaxMb: "routing.collector.outbox_max_mb",
  embedding: "routing.collector.embedding",
} as const satisfies Partial<Record<keyof CollectorConfig, string>>;

/** Keys of gateway.yaml that say something else than they did at the start and are read only then. */
export function restartKeys(atStart: CollectorConfig, now: CollectorConfig): string[] {
  const names = ["enabled", "retentionDays", "outboxMaxMb", "embedding"] as const;
  return names
    .filter((name) => revisionOf(atStart[name]) !== revisionOf(now[name]))
    .map((name) => READ_AT_START[name]);
}
