import type { JudgedRow } from "../dataset/judge-rows.ts";
import { isSure } from "./measure-own.ts";

interface Thinned {
  readonly judged: readonly JudgedRow[];
  /** Most sure labels. */
  readonly most: number;
}

/**
 * Rows with at most so many sure labels, and as large a part of the others: signs and silence come by the thousand and
 * count for little, so they are no labels to count. Both are evenly spread, and the order stays.
 *
 * @param rows numbers of judged rows, rising.
 */
export function thinLabels(rows: readonly number[], { judged, most }: Thinned): number[] {
  const sure = new Set(rows.filter((row) => judged[row] !== undefined && isSure(judged[row])));
  const others = rows.filter((row) => !sure.has(row));
  const part = Math.min(1, most / sure.size);
  return [...thin([...sure], most), ...thin(others, Math.round(part * others.length))].sort((a, b) => a - b);
}

/** At most so many, evenly spread. */
function thin(rows: readonly number[], most: number): number[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, at) => rows[Math.floor((at * rows.length) / most)] ?? 0);
}
