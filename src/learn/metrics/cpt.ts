import { numberAt } from "../number-at.ts";
import { type Curve, endsOf } from "./quality-curve.ts";

/**
 * Call-performance threshold: the smallest share x of calls to the strong model with PGR(x) >= p, linear between the
 * points of the curve (RouteLLM, https://arxiv.org/abs/2406.18665).
 *
 * @param target p, in 0..1.
 * @returns 0..1, random is p; NaN where the strong model is not better.
 */
export function cpt({ share, quality }: Pick<Curve, "share" | "quality">, target: number): number {
  const { weak, strong } = endsOf({ quality });
  if (!(strong > weak)) return Number.NaN;
  const wanted = weak + target * (strong - weak);
  // The last point is that of all prompts: it reaches any target up to 1, whatever rounding says.
  const reached = quality.findIndex((value) => value >= wanted);
  const at = reached === -1 ? quality.length - 1 : reached;
  if (at === 0) return 0;
  const [from, to] = [numberAt(quality, at - 1), numberAt(quality, at)];
  const [left, right] = [numberAt(share, at - 1), numberAt(share, at)];
  return to > from ? left + ((wanted - from) / (to - from)) * (right - left) : right;
}
