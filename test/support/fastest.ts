/** What the clock can tell apart on a busy machine, in milliseconds. */
const RESOLUTION_MS = 0.1;
/** Short runs are repeated until one of them was not interrupted by other work, in all likelihood. */
const MIN_RUNS = 5;
const MAX_RUNS = 50;
const ENOUGH_MS = 200;

/** The fastest of several runs in milliseconds, at least the clock's resolution: for comparing two sizes of input. */
export function fastestMs(run: () => unknown): number {
  const beginMs = performance.now();
  let fastest = Number.POSITIVE_INFINITY;
  for (let runs = 0; runs < MAX_RUNS; runs += 1) {
    const startMs = performance.now();
    if (runs >= MIN_RUNS && startMs - beginMs > ENOUGH_MS) break;
    run();
    fastest = Math.min(fastest, performance.now() - startMs);
  }
  return Math.max(RESOLUTION_MS, fastest);
}
