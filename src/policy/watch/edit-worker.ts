/** Reads or edits files, one after the other, in a thread of their own: see edit-task.ts. */
import { parentPort } from "node:worker_threads";
import { type EditTask, runEdit } from "./edit-task.ts";

parentPort?.on("message", (task: EditTask) => parentPort?.postMessage(runEdit(task)));
