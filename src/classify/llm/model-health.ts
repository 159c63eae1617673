import { setTimeout as sleepFor } from "node:timers/promises";
import { type LlmFailure, toLlmFailure } from "./llm-failure.ts";

/** Whether the model may be asked. `starting`: its first answer is still awaited. */
export type ModelState = "starting" | "ready" | "away";

export interface ModelHealthOptions {
  /** Loads the model and asks it something. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  /** Told when the model went away, when the cause changed, and when it is back (null). */
  readonly onChange: (failure: LlmFailure | null) => void;
  /** Waits so many milliseconds; ends early where the signal says so. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Failures in a row, timeouts among them, after which nobody waits for the model any more. */
const FAILURES_TO_OPEN = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The breaker: after failures in a row the model is away, and questions of its own find out when it is back, one at a
 * time, after pauses that grow until a request is answered again. So no request is a probe.
 */
export class ModelHealth {
  readonly #options: ModelHealthOptions;
  readonly #closing = new AbortController();
  #state: ModelState = "starting";
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #lastKind: string | null = null;

  constructor(options: ModelHealthOptions) {
    this.#options = options;
  }

  get state(): ModelState {
    return this.#state;
  }

  /** Probes until the model answers. Settles after the first probe, well or not, and never rejects. */
  async start(): Promise<void> {
    if (!(await this.#probeOnce())) void this.#recover();
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  failed(failure: LlmFailure): void {
    if (this.#state !== "ready" || failure.kind === "stopping") return;
    this.#failures += 1;
    if (this.#failures < FAILURES_TO_OPEN) return;
    this.#goAway(failure);
    void this.#recover();
  }

  close(): void {
    this.#closing.abort();
  }

  async #recover(): Promise<void> {
    const { signal } = this.#closing;
    const sleep = this.#options.sleep ?? sleepUnlessClosed;
    do {
      await sleep(this.#pauseMs, signal);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    } while (!signal.aborted && !(await this.#probeOnce()));
  }

  async #probeOnce(): Promise<boolean> {
    try {
      await this.#options.probe(this.#closing.signal);
    } catch (error) {
      this.#goAway(toLlmFailure(error));
      return false;
    }
    this.#state = "ready";
    this.#failures = 0;
    this.#lastKind = null;
    this.#options.onChange(null);
    return true;
  }

  #goAway(failure: LlmFailure): void {
    if (this.#closing.signal.aborted) return;
    this.#state = "away";
    if (failure.kind !== this.#lastKind) this.#options.onChange(failure);
    this.#lastKind = failure.kind;
  }
}

async function sleepUnlessClosed(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
