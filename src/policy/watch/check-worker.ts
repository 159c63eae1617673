/** Runs one task in a thread of its own and ends: see task.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { runTask } from "./task.ts";

parentPort?.postMessage(runTask(workerData));
