import { numberAt } from "../number-at.ts";
import { type Curve, endsOf } from "./quality-curve.ts";

/**
 * What routing saves without giving up more than a part of the strong model's quality: 1 - C(x) / C(1) at the cheapest
 * x with Q(x) >= q S. Within a tie a random part of it may go to the strong model, as everywhere.
 *
 * @param kept q, the part of the strong model's quality to keep, 0..1.
 * @returns the part of the cost of always asking the strong model; NaN where that costs nothing.
 */
export function saveAtQuality(curve: Pick<Curve, "quality" | "cost">, kept: number): number {
  const { quality, cost } = curve;
  const wanted = kept * endsOf(curve).strong;
  const dearest = cost.at(-1) ?? 0;
  let cheapest = numberAt(quality, 0) >= wanted ? Math.min(dearest, numberAt(cost, 0)) : dearest;
  for (let i = 1; i < quality.length; i += 1) {
    if (numberAt(quality, i) >= wanted) cheapest = Math.min(cheapest, numberAt(cost, i));
    cheapest = Math.min(cheapest, costOfCrossing(curve, i, wanted));
  }
  return dearest > 0 ? 1 - cheapest / dearest : Number.NaN;
}

/** Cost where the piece of the curve that ends at a point crosses a quality, infinite where it does not. */
function costOfCrossing(
  { quality, cost }: Pick<Curve, "quality" | "cost">,
  to: number,
  wanted: number,
): number {
  const low = numberAt(quality, to - 1);
  const high = numberAt(quality, to);
  if (low < wanted === high < wanted) return Number.POSITIVE_INFINITY;
  const from = numberAt(cost, to - 1);
  return from + ((wanted - low) / (high - low)) * (numberAt(cost, to) - from);
}
