/** Reads or edits one file in a thread of its own and ends: see edit-task.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { runEdit } from "./edit-task.ts";

parentPort?.postMessage(runEdit(workerData));
