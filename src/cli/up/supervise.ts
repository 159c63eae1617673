import { setTimeout as sleep } from "node:timers/promises";
import { type Child, describeEnding } from "./child.ts";

export interface Supervision {
  readonly name: string;
  /** The child that runs now. */
  readonly first: Child;
  readonly restart: () => Child;
  readonly say: (text: string) => void;
}

/** Pause before the first restart; doubled with each further one, up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that ran this long counts as healthy: its end is a new trouble, not more of the last. */
const HEALTHY_AFTER_MS = 60_000;

/** A child that is kept running. */
export interface Supervised {
  /** Ends the child, within `graceMs`, and starts it again at once. */
  restart(graceMs: number): Promise<void>;
  /** Ends the child for good, within `graceMs`. */
  end(graceMs: number): Promise<void>;
}

/** Restarts a child each time it ends. */
export function supervise({ name, first, restart, say }: Supervision): Supervised {
  const stopping = new AbortController();
  let current = first;
  /** The child whose end was asked for. */
  let dismissed: Child | null = null;
  const keepRunning = async () => {
    for (let failures = 0; ; current = restart()) {
      const startedAt = Date.now();
      const ending = await current.ended;
      if (stopping.signal.aborted) return;
      if (dismissed === current) continue;
      failures = 1 + failuresBefore(failures, startedAt);
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      say(`${name} ended with ${describeEnding(ending)}; restart in ${pauseMs / 1000} s`);
      await sleep(pauseMs, undefined, { signal: stopping.signal });
    }
  };
  // Only the pause throws, and only because this was stopped.
  const ended = keepRunning().catch(() => undefined);
  return {
    restart: async (graceMs) => {
      dismissed = current;
      await current.stop(graceMs);
    },
    end: async (graceMs) => {
      stopping.abort();
      await current.stop(graceMs);
      await ended;
    },
  };
}

function failuresBefore(failures: number, startedAt: number): number {
  return Date.now() - startedAt > HEALTHY_AFTER_MS ? 0 : failures;
}
