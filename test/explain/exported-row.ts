import type { LogRow } from "../../src/log/row.ts";

/** A row as an export in JSON lines has it: an array of PostgreSQL is one of JSON there. */
export function exportedRow(row: LogRow): unknown {
  const features = row.features === null ? null : JSON.parse(`[${row.features.slice(1, -1)}]`);
  return { ...JSON.parse(JSON.stringify(row)), features };
}
