/** Checks files, one after the other, in a thread of their own: see check-task.ts. */
import { parentPort } from "node:worker_threads";
import { type CheckTask, runCheck } from "./check-task.ts";

parentPort?.on("message", (task: CheckTask) => parentPort?.postMessage(runCheck(task)));
