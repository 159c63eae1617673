/**
 * The log's own thread: makes rows (redaction, JSON) and writes them, so that nothing of it is on the thread
 * that answers questions. Started by threaded-recorder.ts.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { DecisionRecord } from "../decide/decision.ts";
import { openLog } from "./open-log.ts";
import type { FromThread, ThreadSettings, ToThread } from "./thread-messages.ts";

/** How often the figures are told, in milliseconds. */
const STATUS_INTERVAL_MS = 25;
/** The other side has counted the rows that it sends: nothing is refused here. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

if (parentPort === null) throw new Error("Cannot log: found the main thread, expected a worker thread");
const port = parentPort;
const tell = (message: FromThread): void => port.postMessage(message);

const { listedNames, ...settings }: ThreadSettings = workerData;
const names = new Set(listedNames);
const recorder = openLog({
  ...settings,
  listed: (name) => names.has(name),
  logger: { info: (fields: unknown) => say("info", fields), warn: (fields: unknown) => say("warn", fields) },
  queueMax: UNBOUNDED,
  queueMaxBytes: UNBOUNDED,
});
const timer = setInterval(() => tell({ kind: "status", status: recorder.status() }), STATUS_INTERVAL_MS);

port.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "records":
      for (const text of message.records) recorder.record(parseRecord(text));
      break;
    case "close":
      void close(message.deadlineMs);
      break;
    default:
      message satisfies never;
  }
});

/** The text was made by this program a moment ago. */
function parseRecord(text: string): DecisionRecord {
  const record: DecisionRecord = JSON.parse(text);
  return { ...record, at: new Date(record.at) };
}

function say(level: "info" | "warn", fields: unknown): void {
  tell({ kind: "log", level, fields: Object.assign({}, fields) });
}

async function close(deadlineMs: number): Promise<void> {
  clearInterval(timer);
  await recorder.close(deadlineMs);
  tell({ kind: "closed", status: recorder.status() });
  port.close();
}
