import type { Recorder } from "./recorder.ts";

const NOTHING = { accepted: 0, stored: 0, waiting: 0, dropped: {} } as const;

/** A recorder for `collector.enabled: false`: it takes nothing in, so its figures stay at nothing. */
export function createNullRecorder(): Recorder {
  const tables = { routing_logs: NOTHING, routing_outcomes: NOTHING, routing_feedback: NOTHING };
  return {
    record: () => undefined,
    outcome: () => null,
    feedback: () => null,
    status: () => ({ tables, lastError: null, outbox: null, alarms: [] }),
    close: () => Promise.resolve(),
  };
}
