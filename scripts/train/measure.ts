import type { Artifact } from "../../src/classify/ml/artifact.ts";
import { evaluateLineup } from "../../src/learn/evaluate.ts";
import { groupLineup } from "../../src/learn/lineup.ts";
import type { OutcomeLine } from "../../src/learn/outcomes.ts";
import type { SetReport } from "../../src/learn/report.ts";
import type { ScoredRow } from "../../src/learn/scored-row.ts";

const RESAMPLES = 1_000;

type Metric = Artifact["metrics"][number];

/** Scores of prompts by models that had not seen them, and what the figures are to be called. */
interface Apart {
  readonly scores: Float64Array;
  readonly scorer: string;
  /** How prompts were kept apart from training. */
  readonly how: string;
  readonly seed: number;
}

/** Measures scores of prompts that were kept apart from training, beside the controls: all suites, then each. */
export function measureApart(lines: readonly OutcomeLine[], { scores, scorer, how, seed }: Apart): Metric[] {
  const rows = lines.map(({ suite, group, prompt, models }, at): ScoredRow => {
    return { suite, group, length: prompt.length, models, scores: [scores[at] ?? 0] };
  });
  const classifiers = [{ name: scorer, isChance: false }];
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
    ...metricsOf(`all suites, ${how}`, report.pooled),
    ...report.suites.flatMap((set) => metricsOf(`${set.suite}, ${how}`, set, scorer)),
  ];
}

/** The figure of one scorer, or those of all. */
function metricsOf(set: string, { prompts, scorers }: SetReport, scorer: string | null = null): Metric[] {
  return scorers.flatMap(({ name, apgr: { value, low, high } }) => {
    if ((scorer !== null && name !== scorer) || value === null || low === null || high === null) return [];
    return [{ set, prompts, scorer: name, apgr: digits(value), low: digits(low), high: digits(high) }];
  });
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
