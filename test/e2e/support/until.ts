import { setTimeout as delay } from "node:timers/promises";

/** Pause between two tries, in milliseconds. */
const pollMs = 50;

/**
 * Tries until the answer is not null.
 * @throws where it still is null after `limitMs`; `what` says what was waited for.
 */
export async function until<T>(what: string, limitMs: number, attempt: () => Promise<T | null>): Promise<T> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const value = await attempt();
    if (value !== null) return value;
    if (Date.now() > giveUpAt) throw new Error(`Cannot see ${what} within ${limitMs} ms`);
    await delay(pollMs);
  }
}
