import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 10;
const PATIENCE_MS = 20_000;

/** Waits until a condition holds that nobody announces. @throws {Error} after 20 seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Cannot go on: ${condition} did not come true`);
    await sleep(POLL_MS);
  }
}
