import type { Tier } from "../../policy/policy.ts";

/** What was decided of a request. */
export interface Decided {
  readonly tier: string;
  /** 0..100; null where the tier was not chosen by a score. */
  readonly score: number | null;
}

export interface Chosen {
  readonly choice: string;
  /** Of each choice, 0..1; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Scores from `low` up to, but not including, `end`. */
interface Range {
  readonly low: number;
  readonly end: number;
}

const HIGHEST = 100;

/**
 * Says a decision in the words of somebody else's ladder, `choices`, cheapest first. Tiers and choices go in pairs;
 * where there are more choices than tiers, the dearest tier's scores are shared evenly by the choices that are left, and
 * where there are fewer, neighbouring tiers share one. The nearer a score is to the border of two choices, the more
 * likely is the neighbour: at the border both have a half.
 *
 * @returns null where there is no such tier
 */
export function choose(
  { tier, score }: Decided,
  { tiers, choices }: { readonly tiers: readonly Tier[]; readonly choices: readonly string[] },
): Chosen | null {
  const index = tiers.findIndex(({ name }) => name === tier);
  if (index < 0) return null;
  const own = rangeOf(tiers, index);
  // A tier that a rule or the conversation chose says nothing of the score within it.
  const known = score !== null && score >= own.low && (score < own.end || own.end === HIGHEST);
  const ranges = shareScores(tiers, choices.length);
  const at = ranges.findLastIndex(({ low }) => low <= (known ? score : own.low));
  const place = known ? placeIn(ranges[at], score) : 0;
  return { choice: choices[at] ?? "", probabilities: toProbabilities(choices, at, place) };
}

function rangeOf(tiers: readonly Tier[], index: number): Range {
  return { low: tiers[index]?.low ?? 0, end: tiers[index + 1]?.low ?? HIGHEST };
}

/** The scores of each choice. */
function shareScores(tiers: readonly Tier[], choices: number): readonly Range[] {
  const ranges = tiers.map((_, index) => rangeOf(tiers, index));
  const dearest = ranges.at(-1);
  if (dearest === undefined || choices <= tiers.length) return merge(ranges, choices);
  const parts = choices - tiers.length + 1;
  const step = (dearest.end - dearest.low) / parts;
  const split = Array.from({ length: parts }, (_, part) => {
    return { low: dearest.low + part * step, end: dearest.low + (part + 1) * step };
  });
  return [...ranges.slice(0, -1), ...split];
}

function merge(ranges: readonly Range[], choices: number): readonly Range[] {
  return Array.from({ length: choices }, (_, choice) => {
    const shared = ranges.filter((_, index) => Math.floor((index * choices) / ranges.length) === choice);
    return { low: shared[0]?.low ?? 0, end: shared.at(-1)?.end ?? HIGHEST };
  });
}

/** Where a score lies in a range: -1 at its beginning, 0 in its middle, 1 at its end. */
function placeIn(range: Range | undefined, score: number): number {
  if (range === undefined || range.end === range.low) return 0;
  return (2 * (score - range.low)) / (range.end - range.low) - 1;
}

function toProbabilities(
  choices: readonly string[],
  at: number,
  place: number,
): Readonly<Record<string, number>> {
  const neighbour = choices[at + Math.sign(place)];
  const share = neighbour === undefined ? 0 : Math.abs(place) / 2;
  return Object.fromEntries(
    choices.map((choice, index) => {
      if (index === at) return [choice, 1 - share];
      return [choice, choice === neighbour ? share : 0];
    }),
  );
}
