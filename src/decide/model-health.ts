/** How a model did lately, as plain data. */
export interface ModelHealth {
  /** Answers that the percentiles are made of: the newest 200 at most. */
  readonly samples: number;
  /** Exponential moving averages and percentiles of answers, in milliseconds; null before the first. */
  readonly latencyMs: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly ttftMs: number | null;
  /** Share of the calls of the last 5 minutes that failed through the provider's fault, 0..1; null without calls. */
  readonly errorRate: number | null;
  /**
   * Until when the model should rest, in milliseconds since 1970; null where it need not. Infinity: as long as a tool
   * loop goes on that began while it rested.
   */
  readonly coolUntilMs: number | null;
}

/** A model of which nothing is known. */
export const UNMEASURED: ModelHealth = {
  samples: 0,
  latencyMs: null,
  latencyP50Ms: null,
  latencyP95Ms: null,
  ttftMs: null,
  errorRate: null,
  coolUntilMs: null,
};

/** One call as far as it tells how its model does. */
export interface Observation {
  readonly model: string;
  /**
   * `timed_out`: nobody waited longer for an answer. `neither`: it ended without a word on the model, for instance a
   * client that left.
   */
  readonly result: "answered" | "failed" | "timed_out" | "neither";
  /** Milliseconds until the answer, null where they would count something else, too; of a `timed_out` how long it took. */
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
}

/** Remembers how models did lately, in bounded memory. Time comes in as milliseconds since 1970. */
export interface HealthRecord {
  observe(observation: Observation, nowMs: number): void;
  /** By model; those that were never seen are missing. */
  at(nowMs: number): ReadonlyMap<string, ModelHealth>;
}

/** Answers that percentiles are made of. */
const RING_SIZE = 200;
/** Weight of the newest answer in an average: the last 10 calls make up 90 % of it. */
const EMA_WEIGHT = 0.2;
const WINDOW_MS = 5 * 60_000;
/** Parts of the window: what is older goes by the part. */
const SLICE_MS = 10_000;
/** Failures in a row from which on a model rests, and for how long: twice as long after each rest that no answer ended. */
const FAILURES_TO_COOL = 3;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 5 * 60_000;
/** Models that are remembered; the one seen longest ago is forgotten. */
const MAX_MODELS = 1_000;

/** Creates an empty record. */
export function createHealthRecord(): HealthRecord {
  const models = new Map<string, Recent>();
  return {
    observe: (observation, nowMs) => {
      const { model } = observation;
      const recent = models.get(model) ?? new Recent();
      models.delete(model);
      models.set(model, recent);
      recent.observe(observation, nowMs);
      const [oldest] = models.keys();
      if (models.size > MAX_MODELS && oldest !== undefined) models.delete(oldest);
    },
    at: (nowMs) => new Map([...models].map(([model, recent]) => [model, recent.at(nowMs)])),
  };
}

/** What happened in one part of the window. */
interface Slice {
  readonly fromMs: number;
  calls: number;
  failures: number;
}

class Recent {
  readonly #latencies: number[] = [];
  #answers = 0;
  /** The ring in order, null where an answer came since. */
  #sorted: readonly number[] | null = null;
  #latencyMs: number | null = null;
  #ttftMs: number | null = null;
  #slices: Slice[] = [];
  #failuresInRow = 0;
  #rests = 0;
  #coolUntilMs = 0;

  observe({ result, latencyMs, ttftMs }: Observation, nowMs: number): void {
    if (ttftMs !== null) this.#ttftMs = moved(this.#ttftMs, ttftMs);
    if (result === "neither" || (result === "timed_out" && this.#isTooSoon(latencyMs))) return;
    this.#count(result !== "answered", nowMs);
    if (result !== "answered") {
      this.#fail(nowMs);
      return;
    }
    this.#failuresInRow = 0;
    this.#rests = 0;
    this.#coolUntilMs = 0;
    if (latencyMs === null) return;
    this.#latencyMs = moved(this.#latencyMs, latencyMs);
    this.#latencies[this.#answers % RING_SIZE] = latencyMs;
    this.#answers += 1;
    this.#sorted = null;
  }

  at(nowMs: number): ModelHealth {
    const slices = this.#slicesAt(nowMs);
    const calls = slices.reduce((sum, slice) => sum + slice.calls, 0);
    const failures = slices.reduce((sum, slice) => sum + slice.failures, 0);
    const sorted = this.#sortedLatencies();
    return {
      samples: sorted.length,
      latencyMs: this.#latencyMs,
      latencyP50Ms: percentile(sorted, 0.5),
      latencyP95Ms: percentile(sorted, 0.95),
      ttftMs: this.#ttftMs,
      errorRate: calls === 0 ? null : failures / calls,
      coolUntilMs: this.#isResting(nowMs) ? this.#coolUntilMs : null,
    };
  }

  /** A rest that ends later than any can was begun by a clock that was wrong, and has gone back since. */
  #isResting(nowMs: number): boolean {
    const leftMs = this.#coolUntilMs - nowMs;
    return leftMs > 0 && leftMs <= LONGEST_REST_MS;
  }

  /**
   * Whether half of the answers take longer: a client may set a time that no model keeps, and the model must not rest for
   * everybody else. Not the 95th percentile: an operator's own limit may cut long answers off.
   */
  #isTooSoon(waitedMs: number | null): boolean {
    const usualMs = percentile(this.#sortedLatencies(), 0.5);
    return waitedMs !== null && usualMs !== null && waitedMs < usualMs;
  }

  #sortedLatencies(): readonly number[] {
    this.#sorted ??= this.#latencies.toSorted((a, b) => a - b);
    return this.#sorted;
  }

  #fail(nowMs: number): void {
    this.#failuresInRow += 1;
    // A call that was under way when the rest began says nothing new.
    if (this.#failuresInRow < FAILURES_TO_COOL || this.#isResting(nowMs)) return;
    this.#coolUntilMs = nowMs + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** this.#rests);
    this.#rests += 1;
  }

  #count(failed: boolean, nowMs: number): void {
    this.#slices = this.#slicesAt(nowMs);
    const newest = this.#slices.at(-1);
    const isOpen = newest !== undefined && nowMs - newest.fromMs < SLICE_MS;
    const slice = isOpen ? newest : { fromMs: nowMs, calls: 0, failures: 0 };
    if (!isOpen) this.#slices.push(slice);
    slice.calls += 1;
    slice.failures += failed ? 1 : 0;
  }

  #slicesAt(nowMs: number): Slice[] {
    return this.#slices.filter(({ fromMs }) => Math.abs(nowMs - fromMs) < WINDOW_MS);
  }
}

function moved(average: number | null, newest: number): number {
  return average === null ? newest : average + EMA_WEIGHT * (newest - average);
}

/** Nearest rank; null without numbers. @param sorted ascending. @param share in (0, 1]. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
