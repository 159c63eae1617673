import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { type Features, readFeatures } from "../features/read-features.ts";
import type { Model } from "./artifact.ts";
import { textEnds } from "./text-ends.ts";

/**
 * The highest raw score that a turn may get: what its beginning and its end score alone, the lower of the two, and
 * `most_rise`. So a suffix or a prefix of 200 characters moves a score no further than that.
 */
export function riseLimit(
  { most_rise }: Model,
  { request, turn }: { readonly request: RouteRequest; readonly turn: HumanTurn },
  scoreRaw: (features: Features) => number,
): number {
  if (most_rise === undefined) return Number.POSITIVE_INFINITY;
  const ends = textEnds(turn).map((end) => scoreRaw(readFeatures(request, end)));
  return Math.min(...ends) + most_rise;
}
