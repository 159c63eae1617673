import type { Outcome } from "../log/outcome.ts";

/** Outcomes that are remembered: at 100 calls a second those of 40 s, in which a batch is sent again for 22 s at most. */
const MAX_REMEMBERED = 4_096;

/** Creates what tells whether an outcome is reported for the first time, as far as the newest 4,096 tell. */
export function createObservedOutcomes(): (outcome: Outcome) => boolean {
  const seen = new Set<string>();
  return ({ decisionId, status, servedBy, reportedMs }) => {
    const key = JSON.stringify([decisionId, status, servedBy, reportedMs]);
    if (seen.has(key)) return false;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > MAX_REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
