/** What was started and must be stopped, the newest first. */
export interface StopStack {
  add(name: string, stop: () => Promise<unknown>): void;
  /** Stops everything in reverse order, once. What fails to stop is reported and the rest goes on. */
  stopAll(report: (name: string, error: unknown) => void): Promise<void>;
}

export function createStopStack(): StopStack {
  const entries: { name: string; stop: () => Promise<unknown> }[] = [];
  return {
    add: (name, stop) => entries.push({ name, stop }),
    stopAll: async (report) => {
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
        const { name, stop } = entry;
        await stop().catch((error: unknown) => report(name, error));
      }
    },
  };
}
