import type { Estimate } from "../learn/bootstrap.ts";
import { type Gain, MAX_DOUBT, MIN_CONVERSATIONS } from "../learn/own/measure-own.ts";
import type { TrainResult } from "../learn/own/train-on-own.ts";
import type { ScorerReport } from "../learn/report.ts";
import { alignColumns } from "./align-columns.ts";

type Measured = Pick<TrainResult, "report" | "gain" | "onNewest" | "curve" | "groups" | "capped">;

/** Everything that was measured. */
export function describeResult(result: Measured): string {
  const { report, capped, curve, groups } = result;
  const scorers = report.scorers.filter(({ name }) => name !== "oracle");
  const row = (name: string, pick: (scorer: ScorerReport) => Estimate | undefined) => [
    name,
    ...scorers.map((scorer) => interval(pick(scorer))),
  ];
  const table = [
    ["", ...scorers.map(({ name }) => name)],
    row("APGR", ({ apgr }) => apgr),
    row("AUROC (needs strong)", ({ auroc }) => auroc),
    row("calibration error", ({ calibration }) => calibration?.error),
    row("saved at 95 % quality", ({ save95 }) => save95),
    row("saved at 99 % quality", ({ save99 }) => save99),
    row("lift at 30 % strong", ({ lift30 }) => lift30),
    row("lift at 50 % strong", ({ lift50 }) => lift50),
  ];
  const sections = [
    ...(capped.capped > 0
      ? [
          `${capped.capped} of ${capped.callers} keys were held down to ${percent(capped.share)} of the weight`,
        ]
      : []),
    `${count(report.prompts)} labelled requests, each scored by a model that did not see its conversation:`,
    alignColumns(table),
    ...(curve.length === 0 ? [] : [describeCurve(curve)]),
    ...(groups.length === 0 ? [] : [describeGroups(groups)]),
    `candidate over the one in use${describeFair(result)}: ${describeGain(result.gain)}${describeNeed(result.gain)}`,
    ...describeFew(result),
    ...describeFewConversations(result.gain),
    ...describeNoGap(result),
    ...(result.onNewest === null
      ? []
      : [
          `on the newest ${count(result.onNewest.rows)}, trained on what came before: ${describeGain(result.onNewest)}`,
        ]),
  ];
  return `\n${sections.join("\n\n")}\n\n`;
}

function describeCurve(curve: TrainResult["curve"]): string {
  return alignColumns([
    ["labels", ...curve.map(({ labels }) => count(labels))],
    ["APGR", ...curve.map(({ apgr }) => figure(apgr))],
  ]);
}

function describeGroups(groups: TrainResult["groups"]): string {
  return alignColumns([
    ["APGR by kind of work", "requests", "candidate", "in use"],
    ...groups.map(({ group, rows, candidate, prior }) => [
      group,
      count(rows),
      figure(candidate),
      figure(prior),
    ]),
  ]);
}

function describeFair({ report, gain }: Measured): string {
  if (gain.rows === report.prompts) return "";
  return `, on ${count(gain.rows)} requests of which no key has more than ${percent(gain.share)}`;
}

/** Fewer requests that decide can hardly show a gain. */
const FEW_TO_DECIDE = 100;

function describeFew({ report, gain }: Measured): string[] {
  if (gain.rows === report.prompts || gain.rows >= FEW_TO_DECIDE) return [];
  return [
    `${count(gain.rows)} requests are too few to tell: nearly all are of a few keys. If those may decide, give them a larger share, ` +
      "--max-share-per-key 1 for any",
  ];
}

function describeFewConversations({ conversations }: Gain): string[] {
  if (conversations >= MIN_CONVERSATIONS) return [];
  return [
    `they are of ${count(conversations)} conversations, too few to tell: turns of one are alike, and ${MIN_CONVERSATIONS} are needed`,
  ];
}

function describeNoGap({ report: { alwaysWeak, alwaysStrong } }: Measured): string[] {
  const [weak, strong] = [alwaysWeak.quality.value ?? 0, alwaysStrong.quality.value ?? 0];
  if (strong > weak) return [];
  return [
    `the strong model is not better than the weak one on these requests (mean ${figure(strong)} against ${figure(weak)}): ` +
      "there is nothing to gain by choosing between them",
  ];
}

function describeGain({ difference, doubt, conversations }: Gain): string {
  const told = conversations < MIN_CONVERSATIONS ? "" : `; not better in ${percent(doubt)} of the resamples`;
  return `APGR ${interval(difference)}${told}`;
}

function describeNeed({ conversations }: Gain): string {
  if (conversations < MIN_CONVERSATIONS) return "";
  return ` (to be taken for better: in less than ${percent(MAX_DOUBT)})`;
}

function interval(estimate: Estimate | undefined): string {
  if (estimate === undefined || estimate.value === null) return "-";
  const { value, low, high } = estimate;
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toFixed(3).replace(/^(-?)0\./, "$1.");
}

/** A share of 0..1 as `9.7 %` or `42 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** A whole number as `1,234`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
