/** Checks one file in a thread of its own and ends: see check-task.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { runCheck } from "./check-task.ts";

parentPort?.postMessage(runCheck(workerData));
