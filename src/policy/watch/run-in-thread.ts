import { Worker } from "node:worker_threads";

/** Longest work in milliseconds: the largest file that is taken needs 2 s, several times that on a busy machine. */
const TIMEOUT_MS = 30_000;

/** Heap of the thread in MB: the largest file that is taken needs 250. */
const MAX_HEAP_MB = 512;

export interface ThreadOptions {
  /** A module that answers `workerData` with one message. */
  readonly module: URL;
  readonly workerData: unknown;
  /** Aborting gives the work up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work on a gateway.yaml in a thread of its own, so that decisions go on meanwhile: a large file takes seconds, a
 * hostile one as long and as much memory as it is let. Never rejects.
 *
 * @returns the answer, or why there is none
 */
export function runInThread<Answer>({ module, workerData, signal }: ThreadOptions): Promise<Answer | string> {
  const worker = new Worker(module, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const { promise, resolve } = Promise.withResolvers<Answer | string>();
  const timer = setTimeout(
    () =>
      resolve(`found a file that takes more than ${TIMEOUT_MS / 1_000} s to check, expected a smaller one`),
    TIMEOUT_MS,
  );
  const abort = () => resolve("the check was given up");
  signal?.addEventListener("abort", abort);
  worker.once("message", (answer: Answer) => resolve(answer));
  worker.once("error", (error) => resolve(describeFailure(error)));
  worker.once("exit", () => resolve("the thread that checks the file ended without an answer"));
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    void worker.terminate();
  });
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return `found a file that takes more than ${MAX_HEAP_MB} MB to check, expected a smaller one`;
  }
  return `the thread that checks the file failed (${error instanceof Error ? error.name : "unknown error"})`;
}
