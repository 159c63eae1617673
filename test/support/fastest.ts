/** What the clock can tell apart on a busy machine, in milliseconds. */
const RESOLUTION_MS = 0.1;

/** The fastest of five runs in milliseconds, at least the clock's resolution: for comparing two sizes of input. */
export function fastestMs(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.max(RESOLUTION_MS, Math.min(...times));
}
