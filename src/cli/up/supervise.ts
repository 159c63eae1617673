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

/** Restarts a child each time it ends. The returned function ends that and the child, within `graceMs`. */
export function supervise(supervision: Supervision): (graceMs: number) => Promise<void> {
  const stopping = new AbortController();
  let current = supervision.first;
  const loop = async () => {
    for (let failures = 0; ; ) {
      const startedAt = Date.now();
      const ending = await current.ended;
      if (stopping.signal.aborted) return;
      failures = Date.now() - startedAt > HEALTHY_AFTER_MS ? 0 : failures;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      failures += 1;
      supervision.say(
        `${supervision.name} ended with ${describeEnding(ending)}; restart in ${pauseMs / 1000} s`,
      );
      await sleep(pauseMs, undefined, { signal: stopping.signal });
      current = supervision.restart();
    }
  };
  // Only the pause throws, and only because this was stopped.
  const ended = loop().catch(() => undefined);
  return async (graceMs) => {
    stopping.abort();
    await current.stop(graceMs);
    await ended;
  };
}
