import { randomBytes } from "node:crypto";

/** What the name of a segment file says. */
export interface SegmentName {
  readonly table: string;
  /** When it was begun, in milliseconds since 1970. */
  readonly createdMs: number;
  /** Rows in it; null while it is written to, or where its writer was killed. */
  readonly rows: number | null;
}

const NAME = /^([a-z_]+)-(\d{13})-[0-9a-f]{8}(?:\.(\d+))?\.ndjson$/;
const TIME_DIGITS = 13;

/** Name of a new segment; names of one table sort by time, and no two sidecars make the same one. */
export function newSegmentName(table: string, createdMs: number): string {
  return `${table}-${String(createdMs).padStart(TIME_DIGITS, "0")}-${randomBytes(4).toString("hex")}.ndjson`;
}

/** Name of a segment once it is complete: the next start needs not count its rows. */
export function completeSegmentName(name: string, rows: number): string {
  return name.replace(/\.ndjson$/, `.${rows}.ndjson`);
}

/** Reads the name of a file; null where it is no segment's. */
export function parseSegmentName(file: string): SegmentName | null {
  const match = NAME.exec(file);
  if (match === null) return null;
  const [, table = "", createdMs, rows] = match;
  return { table, createdMs: Number(createdMs), rows: rows === undefined ? null : Number(rows) };
}
