const startedMs = performance.now();

/** Says how far a run is, at once and whatever the reporter does. */
export function progress(line: string): void {
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  process.stderr.write(`[${seconds} s] ${line}\n`);
}
