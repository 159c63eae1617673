import type { Artifact } from "../../src/classify/ml/artifact.ts";
import { evaluateLineup } from "../../src/learn/evaluate.ts";
import { groupLineup } from "../../src/learn/lineup.ts";
import type { OutcomeLine } from "../../src/learn/outcomes.ts";
import type { SetReport } from "../../src/learn/report.ts";
import type { ScoredRow } from "../../src/learn/scored-row.ts";

const RESAMPLES = 1_000;

/** The model among the scorers. */
const MODEL = "ml, suite left out";

type Metric = Artifact["metrics"][number];

/** Measures scores of prompts whose suite was left out of training, beside the controls: all suites, then each. */
export function measureLeftOut(
  lines: readonly OutcomeLine[],
  { leftOut, seed }: { readonly leftOut: Float64Array; readonly seed: number },
): Metric[] {
  const rows = lines.map(({ suite, group, prompt, models }, at): ScoredRow => {
    return { suite, group, length: prompt.length, models, scores: [leftOut[at] ?? 0] };
  });
  const classifiers = [{ name: MODEL, isChance: false }];
  const report = evaluateLineup(rows, groupLineup(rows, 2), {
    classifiers,
    tiers: [
      { name: "weak", low: 0 },
      { name: "strong", low: 50 },
    ],
    resamples: RESAMPLES,
    seed,
  });
  if (report === null) throw new Error("Cannot measure: found no prompt with outcomes, expected some");
  return [
    ...metricsOf("all suites, each left out in turn", report.pooled, true),
    ...report.suites.flatMap((set) => metricsOf(`${set.suite}, left out`, set, false)),
  ];
}

/** The model's figure; for all suites together those of the controls too. */
function metricsOf(set: string, { prompts, scorers }: SetReport, withControls: boolean): Metric[] {
  return scorers.flatMap(({ name, apgr: { value, low, high } }) => {
    if ((!withControls && name !== MODEL) || value === null || low === null || high === null) return [];
    return [{ set, prompts, scorer: name, apgr: digits(value), low: digits(low), high: digits(high) }];
  });
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
