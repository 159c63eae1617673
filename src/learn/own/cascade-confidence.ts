import { numberAt } from "../number-at.ts";
import type { Sample } from "../sample.ts";

/** Share of the requests that an LLM is asked for at most: `classifier.llm.max_share`'s default. */
const MAX_ASKED = 0.15;

/**
 * The confidence below which it pays to ask somebody else: that of the least sure requests, as many as may be asked
 * for, where the classifier is wrong more often on them than on the others; else 0, which asks never.
 *
 * @param scored the score of each row, and how sure the classifier is of it.
 * @param border lowest score that goes to the strong model.
 */
export function cascadeConfidence(
  sample: Sample,
  { scores, confidences }: { readonly scores: Float64Array; readonly confidences: Float64Array },
  border: number,
): number {
  const rows = Array.from(confidences, (confidence, row) => ({ confidence, row }));
  rows.sort((a, b) => a.confidence - b.confidence);
  const asked = Math.floor(rows.length * MAX_ASKED);
  const isWrong = ({ row }: { readonly row: number }) => {
    const needsStrong = numberAt(sample.strong.quality, row) > numberAt(sample.weak.quality, row);
    return needsStrong !== numberAt(scores, row) >= border;
  };
  const share = (part: typeof rows) => part.filter(isWrong).length / Math.max(1, part.length);
  const [unsure, sure] = [rows.slice(0, asked), rows.slice(asked)];
  if (share(unsure) <= share(sure)) return 0;
  return Number((rows[asked]?.confidence ?? 0).toFixed(3));
}
