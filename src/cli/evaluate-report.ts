import type { Estimate } from "../learn/bootstrap.ts";
import type {
  ComparisonReport,
  OperatingPointReport,
  Report,
  ScorerReport,
  SetReport,
} from "../learn/report.ts";
import { alignColumns } from "./align-columns.ts";

/** Prints a report for people. */
export function renderReport(report: Report, isFull: boolean): string {
  const interval =
    report.resamples > 0
      ? `In brackets the middle 95 % of ${resamplesOf(report)} resamples of the ${drawnOf(report)}, the same for every column.`
      : "No intervals: --resamples 0.";
  return [
    ...report.comparisons.map((comparison) => renderComparison(comparison, isFull)),
    interval,
    "How to read this: docs/evaluation.md",
  ].join("\n\n");
}

function drawnOf({ comparisons }: Report): string {
  const isAlone = comparisons.every(({ pooled }) => pooled.conversations === pooled.prompts);
  return isAlone ? "prompts" : "conversations";
}

/** Those of the largest set, which has the fewest. */
function resamplesOf({ comparisons }: Report): number {
  return Math.min(...comparisons.map(({ pooled }) => pooled.resamples));
}

function renderComparison(comparison: ComparisonReport, isFull: boolean): string {
  const { name, lineups, pooled, suites, leftOut } = comparison;
  const isOneSuite = suites.length === 1;
  return [
    `=== ${name}`,
    ...lineups.map(
      ({ suites: of, rungs }) =>
        `${of.join(", ")}:\n${rungs.map((models, i) => `  ${i + 1}. ${models.join(", ")}`).join("\n")}`,
    ),
    ...(leftOut.length > 0 ? [`Left out, without these models: ${nameSome(leftOut)}`] : []),
    renderSet(isOneSuite ? (suites[0]?.suite ?? "") : "all suites", pooled),
    ...(isFull && !isOneSuite ? suites.map((suite) => renderSet(suite.suite, suite)) : []),
    ...(isOneSuite ? [] : [renderSuites(suites)]),
  ].join("\n\n");
}

/** Suites that are named in print; all are in the JSON. */
const MOST_NAMED = 3;

function nameSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const ROWS: readonly (readonly [title: string, pick: (scorer: ScorerReport) => Estimate | null])[] = [
  ["APGR", ({ apgr }) => apgr],
  ["  minus length alone", ({ apgrOverLength }) => apgrOverLength],
  ["  within groups", ({ withinGroupApgr }) => withinGroupApgr],
  ["AUROC (needs strong)", ({ auroc }) => auroc],
  ["CPT(50), less is better", ({ cpt50 }) => cpt50],
  ["CPT(80), less is better", ({ cpt80 }) => cpt80],
  ["Save@90", ({ save90 }) => save90],
  ["Save@95", ({ save95 }) => save95],
  ["Save@99", ({ save99 }) => save99],
  ["lift at 30 % strong", ({ lift30 }) => lift30],
  ["lift at 50 % strong", ({ lift50 }) => lift50],
  ["calibration error", ({ calibration }) => calibration?.error ?? null],
];

function renderSet(title: string, set: SetReport): string {
  const rows = ROWS.map(([name, pick]) => [name, ...set.scorers.map((scorer) => estimate(pick(scorer)))]);
  const unclaimed = set.scorers.filter(
    ({ kind, calibration }) => kind === "classifier" && calibration === null,
  );
  return [
    `--- ${title}: ${countPrompts(set)}, groups: ${set.groups}; ${costBasis(set)}`,
    alignColumns([["", ...set.scorers.map(({ name }) => name)], ...rows]),
    ...unclaimed.map(
      ({ name }) => `The score of ${name} claims no probability, so it has no calibration error.`,
    ),
    renderPoints(set),
  ].join("\n");
}

function countPrompts({ prompts, conversations }: SetReport): string {
  const count = `${prompts.toLocaleString("en-US")} prompts`;
  return conversations === prompts
    ? count
    : `${count} of ${conversations.toLocaleString("en-US")} conversations`;
}

function costBasis({ costBasis: basis }: SetReport): string {
  return basis === "usd"
    ? "cost in USD per 1,000 prompts"
    : "not all costs known: a call counts 0 on the weak model, 1 on the strong one";
}

function renderPoints(set: SetReport): string {
  const cost = (value: Estimate) => estimate(set.costBasis === "usd" ? perThousand(value) : value);
  const fixed = [
    ["always weak", "", estimate(set.alwaysWeak.quality), cost(set.alwaysWeak.cost)],
    ["always strong", "", estimate(set.alwaysStrong.quality), cost(set.alwaysStrong.cost)],
  ];
  const points = set.scorers.flatMap(({ name, operatingPoints }) =>
    operatingPoints.map((point) => pointCells(`${name}: ${point.name}`, point, cost(point.cost))),
  );
  const titles = ["", "share of each", "quality", "cost", "under-routed", "over-routed", "lift at its cost"];
  return `\n${alignColumns([titles, ...fixed, ...points])}`;
}

function pointCells(title: string, point: OperatingPointReport, cost: string): string[] {
  const shares = point.shares.map((share) => `${Math.round(100 * share)} %`).join(" ");
  const { quality, underRouting, overRouting, lift } = point;
  return [title, shares, estimate(quality), cost, ...[underRouting, overRouting, lift].map(estimate)];
}

function renderSuites(suites: ComparisonReport["suites"]): string {
  const names = suites[0]?.scorers.map(({ name }) => name) ?? [];
  const rows = suites.map(({ suite, prompts, alwaysWeak, alwaysStrong, scorers }) => [
    suite,
    String(prompts),
    figure(alwaysWeak.quality.value),
    figure(alwaysStrong.quality.value),
    ...scorers.map(({ apgr, kind, name }) =>
      kind === "classifier" || name === "random" ? estimate(apgr) : figure(apgr.value),
    ),
  ]);
  const titles = ["APGR of each suite", "prompts", "weak", "strong", ...names];
  return alignColumns([titles, ...rows]);
}

function perThousand({ value, low, high }: Estimate): Estimate {
  const scale = (one: number | null) => (one === null ? null : one * 1_000);
  return { value: scale(value), low: scale(low), high: scale(high) };
}

function estimate(of: Estimate | null): string {
  if (of === null || of.value === null) return "-";
  const interval = of.low === null ? "" : ` [${figure(of.low)}, ${figure(of.high)}]`;
  return `${figure(of.value)}${interval}`;
}

/** Three decimals without the leading zero; "-" where undefined. */
function figure(value: number | null): string {
  if (value === null) return "-";
  const text = value.toFixed(3).replace(/^(-?)0\./, "$1.");
  return text === "-.000" ? ".000" : text;
}
