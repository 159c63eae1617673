import { Worker } from "node:worker_threads";
import type { CheckResult } from "../load.ts";
import type { Task } from "./task.ts";

/** Longest check in milliseconds: the largest file that is taken needs 2 s, several times that on a busy machine. */
const TIMEOUT_MS = 30_000;

/** Heap of the thread in MB: the largest file that is taken needs 250. */
const MAX_HEAP_MB = 512;

/** Checks a gateway.yaml. Never rejects: what goes wrong is a problem of the file. */
export type CheckFile = (task: Task, signal?: AbortSignal) => Promise<CheckResult>;

/**
 * Checks a gateway.yaml in a thread of its own, so that decisions go on meanwhile: a large file takes seconds, a hostile
 * one as long and as much memory as it is let. Aborting gives the check up.
 */
export const checkInThread: CheckFile = (task, signal) => {
  const worker = new Worker(new URL("check-worker.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const { promise, resolve } = Promise.withResolvers<CheckResult>();
  const giveUp = (found: string) => resolve(refuse(task.file, found));
  const timer = setTimeout(
    () =>
      giveUp(`found a file that takes more than ${TIMEOUT_MS / 1_000} s to check, expected a smaller one`),
    TIMEOUT_MS,
  );
  const abort = () => giveUp("the check was given up");
  signal?.addEventListener("abort", abort);
  worker.once("message", (result: CheckResult) => resolve(result));
  worker.once("error", (error) => giveUp(describeFailure(error)));
  worker.once("exit", () => giveUp("the thread that checks the file ended without an answer"));
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    void worker.terminate();
  });
};

function describeFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return `found a file that takes more than ${MAX_HEAP_MB} MB to check, expected a smaller one`;
  }
  return `the thread that checks the file failed (${error instanceof Error ? error.name : "unknown error"})`;
}

function refuse(file: string, message: string): CheckResult {
  return { ok: false, problems: [{ severity: "error", file, path: "", line: null, message }] };
}
