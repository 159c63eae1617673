import type { Recorder } from "./recorder.ts";

/** A recorder for `collector.enabled: false`: it takes nothing in, so its figures stay at nothing. */
export function createNullRecorder(): Recorder {
  return {
    record: () => undefined,
    status: () => ({ decided: 0, stored: 0, waiting: 0, dropped: {}, lastError: null }),
    close: () => Promise.resolve(),
  };
}
