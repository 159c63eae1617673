import { numberAt } from "../number-at.ts";
import { type Curve, endsOf } from "./quality-curve.ts";

/**
 * Quality that the score gains over a random router that sends the same share of prompts to the strong model:
 * Q(x) - (W + x (S - W)).
 *
 * @param at the share x, 0..1.
 * @returns points of quality, -1..1.
 */
export function liftAtShare(curve: Pick<Curve, "share" | "quality">, at: number): number {
  const { weak, strong } = endsOf(curve);
  return qualityAt(curve, at) - (weak + at * (strong - weak));
}

function qualityAt({ share, quality }: Pick<Curve, "share" | "quality">, at: number): number {
  const found = share.findIndex((value) => value >= at);
  const right = found === -1 ? share.length - 1 : found;
  if (right === 0) return quality[0] ?? Number.NaN;
  const [left, width] = [numberAt(share, right - 1), numberAt(share, right) - numberAt(share, right - 1)];
  const [from, to] = [numberAt(quality, right - 1), numberAt(quality, right)];
  return width > 0 ? from + ((at - left) / width) * (to - from) : to;
}
