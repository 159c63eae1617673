/** What is measured at least: the kernel counts a thread's time in steps of some milliseconds. */
const ENOUGH_MS = 80;
const PARTS = 10;

/** How many times longer a text may take than its tenths do together: once where time is linear, ten times where it is square. */
export const MOST_TIMES = 4;

/** Processor time of this thread that a run takes, in milliseconds: what else the machine does meanwhile is not in it. */
export function cpuMs(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** The mean of so many runs that the clock can tell it, after one that compiles what is called. */
export function meanCpuMs(run: () => unknown): number {
  run();
  let spentMs = 0;
  let runs = 0;
  while (spentMs < ENOUGH_MS) {
    const more = Math.max(1, runs);
    spentMs += cpuMs(() => {
      for (let i = 0; i < more; i += 1) run();
    });
    runs += more;
  }
  return spentMs / runs;
}

/** How many times longer a text of `chars` characters takes than its tenths do together, one made of a unit again and again. */
export function timesOfTenths(unit: string, chars: number, run: (text: string) => unknown): number {
  const whole = repeated(unit, chars);
  const tenth = repeated(unit, chars / PARTS);
  run(tenth);
  let [wholeMs, tenthsMs] = [0, 0];
  // In turns, so that both meet the same machine.
  while (Math.min(wholeMs, tenthsMs) < ENOUGH_MS) {
    wholeMs += cpuMs(() => run(whole));
    tenthsMs += cpuMs(() => {
      for (let part = 0; part < PARTS; part += 1) run(tenth);
    });
  }
  return wholeMs / tenthsMs;
}

/** In one piece, as texts of requests are. */
function repeated(unit: string, chars: number): string {
  return Buffer.from(unit.repeat(Math.ceil(chars / unit.length))).toString();
}
