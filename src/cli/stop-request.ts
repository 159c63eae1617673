/** Somebody wants the program to end. */
export interface StopRequest {
  /** Aborted with the first request; the reason is a word for people, for instance "SIGINT". */
  readonly signal: AbortSignal;
  /** Aborted when somebody insists. */
  readonly force: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/**
 * Signals of one Ctrl-C arrive more than once, from the terminal and from each wrapper that passes them on:
 * only one that comes later than this is a second request.
 */
const SAME_REQUEST_MS = 1_500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for `signals`, and for the end of the wrapper that started this process, which may be killed. */
export function listenForStop(signals: readonly NodeJS.Signals[] = SIGNALS): StopRequest {
  const stop = new AbortController();
  const force = new AbortController();
  let firstAt = 0;
  const request = (reason: string) => {
    if (!stop.signal.aborted) {
      firstAt = Date.now();
      stop.abort(reason);
    } else if (Date.now() - firstAt > SAME_REQUEST_MS) force.abort(reason);
  };
  const onDisconnect = () => request("the end of the program that started this one");
  for (const name of signals) process.on(name, request);
  process.on("disconnect", onDisconnect);
  const dispose = () => {
    for (const name of signals) process.off(name, request);
    process.off("disconnect", onDisconnect);
  };
  return { signal: stop.signal, force: force.signal, dispose };
}
