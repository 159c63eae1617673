import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Where a service says that it is ready. */
export interface ReadyCheck {
  readonly host: string;
  readonly port: number;
  /** Unix socket to ask instead of host and port. */
  readonly socketPath?: string;
  readonly path: string;
}

const POLL_INTERVAL_MS = 100;
const REQUEST_TIMEOUT_MS = 2_000;

/** Resolves when the service answers 200. Rejects when the signal is aborted, and only then. */
export async function waitUntilReady(check: ReadyCheck, signal: AbortSignal): Promise<void> {
  while (!(await isReady(check))) await sleep(POLL_INTERVAL_MS, undefined, { signal });
  signal.throwIfAborted();
}

function isReady(check: ReadyCheck): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ ...check, timeout: REQUEST_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
