import type { CheckResult } from "../load.ts";
import type { Problem } from "../policy.ts";
import type { CheckTask } from "./check-task.ts";
import { runInThread } from "./run-in-thread.ts";

/** Checks a gateway.yaml. Never rejects: what goes wrong is a problem of the file. */
export type CheckFile = (task: CheckTask, signal?: AbortSignal) => Promise<CheckResult>;

/** Checks a gateway.yaml in a thread of its own. Aborting gives the check up. */
export const checkInThread: CheckFile = async (task, signal) => {
  const module = new URL("check-worker.ts", import.meta.url);
  const result = await runInThread<CheckResult>({ module, workerData: task, signal });
  return typeof result === "string" ? { ok: false, problems: [problemOf(task.file, result)] } : result;
};

/** A problem of a file as a whole. */
export function problemOf(file: string, message: string): Problem {
  return { severity: "error", file, path: "", line: null, message };
}
