import { toEstimate } from "./bootstrap.ts";
import { operatingPoint, sendToRungs } from "./metrics/operating-point.ts";
import type { OperatingPointReport, ReportedTier } from "./report.ts";
import type { Counts, Sample } from "./sample.ts";
import type { Scorer } from "./scorer.ts";

interface PointOptions {
  readonly sample: Sample;
  readonly draws: readonly Counts[];
  readonly tiers: readonly ReportedTier[];
}

/**
 * What the policy's tiers reach: for each border between two tiers, with the weak model below and the strong one
 * above it; and with a rung for each tier, where the lineup has as many. Scores of a control mean no tier.
 */
export function reportOperatingPoints(scorer: Scorer, options: PointOptions): OperatingPointReport[] {
  const { sample, tiers } = options;
  if (scorer.kind === "control" || scorer.scores === null) return [];
  const tierOf = scorer.tiers ?? Uint8Array.from(scorer.scores, (score) => tierIndex(tiers, score));
  const borders = tiers.slice(1).map((_, border) => {
    const chosen = tierOf.map((tier) => (tier > border ? 1 : 0));
    const name = `${namesOf(tiers.slice(0, border + 1))} | ${namesOf(tiers.slice(border + 1))}`;
    return reportPoint(name, chosen, { ...options, rungs: [sample.weak, sample.strong] });
  });
  if (tiers.length < 3 || sample.rungs.length !== tiers.length) return borders;
  const name = tiers.map((tier) => tier.name).join(" | ");
  return [...borders, reportPoint(name, tierOf, { ...options, rungs: sample.rungs })];
}

/** A tier covers its own lowest score up to that of the next one. */
function tierIndex(tiers: readonly ReportedTier[], score: number): number {
  return Math.max(0, tiers.filter(({ low }) => score >= low).length - 1);
}

function namesOf(tiers: readonly ReportedTier[]): string {
  return tiers.map(({ name }) => name).join(", ");
}

function reportPoint(
  name: string,
  chosen: Uint8Array,
  { draws, rungs }: PointOptions & Pick<Sample, "rungs">,
): OperatingPointReport {
  const routed = sendToRungs(rungs, chosen);
  const points = draws.map((counts) => operatingPoint(routed, rungs, counts));
  return {
    name,
    shares: rungs.map((_, rung) => chosen.filter((at) => at === rung).length / chosen.length),
    quality: toEstimate(points.map(({ quality }) => quality)),
    cost: toEstimate(points.map(({ cost }) => cost)),
    underRouting: toEstimate(points.map(({ underRouting }) => underRouting)),
    overRouting: toEstimate(points.map(({ overRouting }) => overRouting)),
    lift: toEstimate(points.map(({ lift }) => lift)),
  };
}
