/** What the callback waits for an answer before it knows better, and while no LLM is asked, in milliseconds. */
const SHORTEST_DEADLINE_MS = 250;

/** An answer leaves at least so long before its deadline, in milliseconds. */
const SPARE_MS = 30;

/** By how much a busy event loop may be late, in milliseconds. */
const LAG_MS = 30;

/** What the callback is told to wait for the next answers, in milliseconds. */
export function deadlineToTell(llmTimeoutMs: number | null): number {
  return Math.max(SHORTEST_DEADLINE_MS, llmTimeoutMs ?? 0);
}

/**
 * How long a decision may take, in milliseconds.
 *
 * @param deadlineMs how long the asker waits; a callback that does not say it may wait for the shortest time only
 */
export function timeToDecide(deadlineMs: number | null): number {
  return Math.max(0, (deadlineMs ?? SHORTEST_DEADLINE_MS) - SPARE_MS - LAG_MS);
}
