import type { Recorder, RecorderStatus } from "./recorder.ts";

const NOTHING = { accepted: 0, stored: 0, waiting: 0, dropped: {} } as const;

const STATUS: RecorderStatus = {
  tables: { routing_logs: NOTHING, routing_outcomes: NOTHING, routing_feedback: NOTHING },
  lastError: null,
  outbox: null,
  maintenance: null,
  embeddings: null,
  alarms: [],
};

/** A recorder for `collector.enabled: false`: it takes nothing in, so its figures stay at nothing. */
export function createNullRecorder(): Recorder {
  return {
    record: () => undefined,
    outcome: () => null,
    feedback: () => null,
    status: () => STATUS,
    close: () => Promise.resolve(),
  };
}
