import { cpus, loadavg, totalmem } from "node:os";

/** What the figures of a run depend on beside the program: the machine, its load at the start and end, the date. */
export function describeConditions(loadAtStart: number): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const load = `load average ${loadAtStart.toFixed(2)} before and ${loadNow().toFixed(2)} after`;
  return `Measured ${date} UTC on ${model}, ${cores.length} cores, ${memoryGib} GiB, Node ${process.versions.node}; ${load}.`;
}

/** Processes that ran or wanted to, averaged over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
