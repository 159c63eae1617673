import type { ExportResult } from "../log/export.ts";

/** Times between two looks of a person at a figure that counts up, in milliseconds. */
const UPDATE_INTERVAL_MS = 200;
const ERASE_LINE = "\r\u001b[2K";

/** Tells people how far an export is. */
export interface ExportProgress {
  /** @param rows so far. */
  update(rows: number): void;
  /** What was done, in one sentence. */
  summary(what: string, result: ExportResult): string;
}

/** @param print null where nobody watches: only the summary is said then. */
export function createExportProgress(print: ((text: string) => void) | null): ExportProgress {
  const started = performance.now();
  let lastUpdate = started;
  const seconds = () => (performance.now() - started) / 1000;
  const update = (rows: number) => {
    if (print === null || performance.now() - lastUpdate < UPDATE_INTERVAL_MS) return;
    lastUpdate = performance.now();
    print(`${ERASE_LINE}${formatCount(rows)} rows, ${formatRate(rows, seconds())}`);
  };
  const summary = (what: string, { rows, bytes }: ExportResult) => {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    const time = `${seconds().toFixed(1)} s, ${formatRate(rows, seconds())}`;
    return `${print === null ? "" : ERASE_LINE}${formatCount(rows)} rows of ${what}, ${size}, in ${time}`;
  };
  return { update, summary };
}

function formatRate(rows: number, seconds: number): string {
  return `${formatCount(Math.round(rows / Math.max(seconds, 0.001)))} rows/s`;
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
