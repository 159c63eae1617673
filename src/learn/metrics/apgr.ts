import { numberAt } from "../number-at.ts";
import { type Curve, endsOf } from "./quality-curve.ts";

type QualityCurve = Pick<Curve, "share" | "quality">;

/**
 * Average performance gap recovered: the integral over x in [0, 1] of PGR(x) = (Q(x) - W) / (S - W), where W and S are
 * the mean quality of the weak and of the strong model (RouteLLM, https://arxiv.org/abs/2406.18665).
 *
 * @returns 0.5 is random; NaN where the strong model is not better.
 */
export function apgr(curve: QualityCurve): number {
  const { weak, strong } = endsOf(curve);
  return strong > weak ? areaAbove(curve, weak) / (strong - weak) : Number.NaN;
}

/** The integral of Q(x) - `base` over the shares of the curve. */
export function areaAbove({ share, quality }: QualityCurve, base: number): number {
  let area = 0;
  for (let i = 1; i < share.length; i += 1) {
    const width = numberAt(share, i) - numberAt(share, i - 1);
    area += width * ((numberAt(quality, i) + numberAt(quality, i - 1)) / 2 - base);
  }
  return area;
}
