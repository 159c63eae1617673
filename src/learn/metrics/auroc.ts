import { countAt, rowAt } from "../number-at.ts";
import type { Order } from "../order.ts";
import type { Counts } from "../sample.ts";

/**
 * Area under the receiver operating characteristic: the chance that a prompt with the label scores higher than one
 * without, ties count half (Mann and Whitney's U, 1947; Hanley and McNeil, 1982).
 *
 * @param labels one a prompt, 1 or 0; "needs the strong model" is: the strong model's score is higher.
 * @returns 0..1, random is 0.5; NaN where all prompts are labelled alike.
 */
export function auroc(order: Order, labels: Uint8Array, counts: Counts): number {
  let [from, above, below, pairs] = [0, 0, 0, 0];
  for (const end of order.tieEnds) {
    let [positives, negatives] = [0, 0];
    for (; from < end; from += 1) {
      const row = rowAt(order.rows, from);
      if (countAt(labels, row) > 0) positives += countAt(counts, row);
      else negatives += countAt(counts, row);
    }
    pairs += negatives * (above + positives / 2);
    above += positives;
    below += negatives;
  }
  return pairs / (above * below);
}
