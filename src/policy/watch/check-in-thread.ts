import type { CheckResult } from "../load.ts";
import type { Problem } from "../policy.ts";
import type { CheckTask } from "./check-task.ts";
import { FileThread } from "./file-thread.ts";

/** Checks a gateway.yaml. Never rejects: what goes wrong is a problem of the file. */
export type CheckFile = (task: CheckTask, signal?: AbortSignal) => Promise<CheckResult>;

/** One for all who check in this process. */
const thread = new FileThread<CheckTask, CheckResult>({
  module: new URL("check-worker.ts", import.meta.url),
});

/** Checks a gateway.yaml in another thread. Aborting gives the check up. */
export const checkInThread: CheckFile = async (task, signal) => {
  const result = await thread.run(task, signal);
  return typeof result === "string" ? { ok: false, problems: [problemOf(task.file, result)] } : result;
};

/** A problem of a file as a whole. */
export function problemOf(file: string, message: string): Problem {
  return { severity: "error", file, path: "", line: null, message };
}
