import type { Order } from "../order.ts";
import type { Counts, Sample } from "../sample.ts";
import { areaAbove } from "./apgr.ts";
import { endsOf, qualityCurve } from "./quality-curve.ts";

/**
 * APGR of a router that sends the same share of every group to the strong model, so that telling kinds of work apart
 * earns nothing: sum over groups of n (integral of Q - W) / sum over groups of n (S - W). What is left is the skill
 * of telling difficulty within one kind of work.
 *
 * @param orders one a group, of `orderByGroup`.
 * @returns 0.5 is random; NaN where the strong model is not better.
 */
export function withinGroupApgr(
  sample: Pick<Sample, "weak" | "strong">,
  orders: readonly Order[],
  counts: Counts,
): number {
  let [recovered, gap] = [0, 0];
  for (const order of orders) {
    const curve = qualityCurve(sample, order, counts);
    if (curve.prompts === 0) continue;
    const { weak, strong } = endsOf(curve);
    recovered += curve.prompts * areaAbove(curve, weak);
    gap += curve.prompts * (strong - weak);
  }
  return gap > 0 ? recovered / gap : Number.NaN;
}
