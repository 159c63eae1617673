import { Worker } from "node:worker_threads";

/** Longest work in milliseconds: the largest file that is taken needs 2 s, several times that on a busy machine. */
const TIMEOUT_MS = 30_000;

/** Heap of the thread in MB: the largest file that is taken needs 250. */
const MAX_HEAP_MB = 512;

/** A thread takes 20 MB and more: one that has nothing to do for so long ends. In milliseconds. */
const IDLE_MS = 10_000;

export interface FileThreadOptions {
  /** A module that answers each message with one of its own. */
  readonly module: URL;
  readonly timeoutMs?: number;
  readonly idleMs?: number;
}

const LIMITS = { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } };

const GIVEN_UP = "the check was given up";

type Outcome<Answer> = { readonly answer: Answer } | { readonly failure: string };

/**
 * Runs work on a gateway.yaml in a thread of its own, one task after the other, so that decisions go on meanwhile: a
 * large file takes seconds, a hostile one as long and as much memory as it is let. The thread starts with the first
 * task, serves those that follow, ends when there are none, and is replaced where a task had to be given up.
 */
export class FileThread<Task, Answer> {
  readonly #module: URL;
  readonly #timeoutMs: number;
  readonly #idleMs: number;
  #worker: Worker | null = null;
  #settle: ((outcome: Outcome<Answer>) => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor({ module, timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS }: FileThreadOptions) {
    this.#module = module;
    this.#timeoutMs = timeoutMs;
    this.#idleMs = idleMs;
  }

  /**
   * Never rejects.
   *
   * @param signal aborting gives the work up
   * @returns the answer, or why there is none
   */
  run(task: Task, signal?: AbortSignal): Promise<Answer | string> {
    const mine = this.#last.then(() => (signal?.aborted === true ? GIVEN_UP : this.#work(task, signal)));
    this.#last = mine;
    return mine;
  }

  async #work(task: Task, signal: AbortSignal | undefined): Promise<Answer | string> {
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    const { promise, resolve } = Promise.withResolvers<Outcome<Answer>>();
    this.#settle = resolve;
    const seconds = this.#timeoutMs / 1_000;
    const tooLong = `found a file that takes more than ${seconds} s to check, expected a smaller one`;
    const timer = setTimeout(() => this.#drop(worker, tooLong), this.#timeoutMs);
    const abort = () => this.#drop(worker, GIVEN_UP);
    signal?.addEventListener("abort", abort);
    worker.ref();
    worker.postMessage(task);
    const outcome = await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    this.#settle = null;
    // An idle thread keeps no process alive, and does not stay for long.
    worker.unref();
    this.#idle = setTimeout(() => this.#drop(worker, GIVEN_UP), this.#idleMs).unref();
    return "answer" in outcome ? outcome.answer : outcome.failure;
  }

  #start(): Worker {
    const worker = new Worker(this.#module, LIMITS);
    worker.on("message", (answer: Answer) => {
      if (worker === this.#worker) this.#settle?.({ answer });
    });
    worker.on("error", (error) => this.#drop(worker, describeFailure(error)));
    worker.on("exit", () => this.#drop(worker, "the thread that checks the file ended without an answer"));
    this.#worker = worker;
    return worker;
  }

  /** Ends a thread, whatever it is at; the next task starts another. */
  #drop(worker: Worker, failure: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#settle?.({ failure });
  }
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return `found a file that takes more than ${MAX_HEAP_MB} MB to check, expected a smaller one`;
  }
  return `the thread that checks the file failed (${error instanceof Error ? error.name : "unknown error"})`;
}
