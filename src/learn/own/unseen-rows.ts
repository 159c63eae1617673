import type { Artifact } from "../../classify/ml/artifact.ts";
import type { JudgedRow } from "../dataset/judge-rows.ts";

/** Whether a classifier was trained on requests of one's own, which it then judges too well. */
export function isOwn({ training }: Artifact): boolean {
  return training.adapted_from !== null || training.trained_until !== undefined;
}

/** Makes a test for rows that a classifier was not trained on: those that were decided later, if it saw any of one's own. */
export function unseenBy(artifact: Artifact): (judged: JudgedRow) => boolean {
  if (!isOwn(artifact)) return () => true;
  // Not a number where the time is not known: then no row is known to be later.
  const untilMs = Date.parse(artifact.training.trained_until ?? "");
  return ({ row }) => row.atMs !== null && row.atMs > untilMs;
}

/** When the newest of the rows was decided; null where that is not known of all. */
export function newestOf(judged: readonly JudgedRow[]): string | null {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { row } of judged) {
    if (row.atMs === null) return null;
    newestMs = Math.max(newestMs, row.atMs);
  }
  return judged.length === 0 ? null : new Date(newestMs).toISOString();
}
