import { PassThrough } from "node:stream";
import { exportTable } from "../log/export.ts";
import { splitLines } from "./read-lines.ts";
import type { FileRecord } from "./read-records.ts";

/** Which decisions are read; null bounds nothing. */
export interface TimeSpan {
  readonly since: Date | null;
  readonly until: Date | null;
  /** By falling id; by rising id where it is left out. */
  readonly newestFirst?: boolean;
}

/**
 * Reads routing_training through a cursor: memory stays the same however many rows there are.
 *
 * @throws {Error} where the database is away.
 */
export async function* readTrainingView(databaseUrl: string, span: TimeSpan): AsyncGenerator<FileRecord> {
  const out = new PassThrough();
  const stop = new AbortController();
  const filter = { table: "routing_training", ...span, tier: null, method: null, withText: true } as const;
  const exported = exportTable({ databaseUrl, format: "jsonl", ...filter, out, signal: stop.signal }).finally(
    () => out.end(),
  );
  // Waited for below; until then it is nobody's.
  exported.catch(() => undefined);
  let [line, isWhole] = [0, false];
  try {
    for await (const text of splitLines(out.setEncoding("utf8"))) {
      line += 1;
      yield { line, record: JSON.parse(text) };
    }
    isWhole = true;
  } finally {
    stop.abort();
    out.resume();
    // Who has read enough ends the export, which is no failure.
    await (isWhole ? exported : exported.catch(() => undefined));
  }
}
