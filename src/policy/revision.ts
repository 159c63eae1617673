import { createHash } from "node:crypto";

/** Hex digits of a revision: enough to tell the policies of one installation apart, short enough for a header. */
const REVISION_CHARS = 16;

/**
 * Hash of plain data, the same for the same content: keys of objects and maps are sorted, lists keep their
 * order, functions are left out.
 */
export function revisionOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(value)))
    .digest("hex")
    .slice(0, REVISION_CHARS);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map) return canonicalEntries(Array.from(value));
  if (typeof value === "object" && value !== null) return canonicalEntries(Object.entries(value));
  // JSON has no word for these, and would make them all null.
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function canonicalEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  return entries
    .filter(([, value]) => typeof value !== "function")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, canonical(value)]);
}
