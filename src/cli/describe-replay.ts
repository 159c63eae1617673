import type { ChangedRow, ReplayReport } from "../explain/replay/replay-tally.ts";
import { LEAST_EFFECTIVE_SIZE, type OffPolicy } from "../explain/replay/snips.ts";
import type { Tier } from "../policy/policy.ts";
import { alignColumns } from "./align-columns.ts";
import { line } from "./labelled-line.ts";

/** A report with what the command itself knows. */
export type FoundReplay = ReplayReport & {
  /** Rows that could not be read. */
  readonly unreadable: number;
  readonly policy_revision: string;
};

/** Most models, moves and reasons that are named. */
const MAX_LISTED = 20;

/** Writes what another policy would change for people. */
export function describeReplay(
  report: FoundReplay,
  { changes, tiers }: { readonly changes: readonly ChangedRow[]; readonly tiers: readonly Tier[] },
): string {
  const parts = [
    describeHead(report),
    describeCounts("tier", inOrder(report.tiers, tiers)),
    describeCounts("model", Object.entries(report.models)),
    describeMoves(report),
    describeCost(report.cost),
    describeOffPolicy(report),
    describeChanges(changes, report.changed),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function describeHead(report: FoundReplay): string {
  const { rows, decided, unreadable, changed, changed_explored, scored_by } = report;
  const explored =
    changed_explored === 0
      ? ""
      : `, ${count(changed_explored)} of them had been tried in another tier by lot`;
  const by = Object.entries(scored_by).filter(([, times]) => times > 0);
  return [
    line(
      "rows",
      `${count(rows)}, of which ${count(decided)} were decided again under revision ${report.policy_revision}`,
    ),
    line(
      "scored by",
      by.map(([name, times]) => `${SCORED_BY[name] ?? name} ${count(times)}`).join(", ") || "-",
    ),
    ...entriesOf(report.undecided).map(([why, times]) => line("not decided", `${count(times)}: ${why}`)),
    ...(unreadable === 0 ? [] : [line("not read", `${count(unreadable)}, named above`)]),
    line("changed", `${count(changed)}${share(changed, decided)}${explored}`),
  ].join("\n");
}

const SCORED_BY: Readonly<Record<string, string>> = {
  log: "the logged score",
  text: "the stored text",
  features: "the logged features, without words",
  none: "no classifier",
};

type Counts = readonly (readonly [string, { readonly before: number; readonly after: number }])[];

function describeCounts(title: string, counts: Counts): string {
  const rows = counts.slice(0, MAX_LISTED).map(([name, { before, after }]) => {
    const change = after - before;
    return [
      name,
      count(before),
      count(after),
      change === 0 ? "" : `${change > 0 ? "+" : ""}${count(change)}`,
    ];
  });
  return alignColumns([[title, "before", "after", "change"], ...rows, ...leftOut(counts.length)]);
}

/** Tiers of the policy, cheapest first, then those that it does not have. */
function inOrder(counts: ReplayReport["tiers"], tiers: readonly Tier[]): Counts {
  const place = (name: string) => tiers.findIndex((tier) => tier.name === name);
  const rank = (name: string) => (place(name) < 0 ? tiers.length : place(name));
  return Object.entries(counts).sort(([a], [b]) => rank(a) - rank(b));
}

function describeMoves({ moves }: ReplayReport): string {
  const listed = entriesOf(moves);
  if (listed.length === 0) return "";
  return alignColumns([["moved", "rows"], ...listed.map(([move, times]) => [move, count(times)])]);
}

function describeCost({ rows, unknown, before_usd, after_usd }: ReplayReport["cost"]): string {
  const change = before_usd === 0 ? "" : ` (${percent(after_usd / before_usd - 1, true)})`;
  const without = unknown === 0 ? "" : `; ${count(unknown)} rows without a known price are not in it`;
  if (rows === 0) return line("cost", `no price is known of any row${without}`);
  return line(
    "cost",
    `estimated $${usd(before_usd)} before, $${usd(after_usd)} after${change}, over ${count(rows)} rows${without}`,
  );
}

function describeOffPolicy({ off_policy }: FoundReplay): string {
  if (off_policy === null) return "";
  const { success, cost_usd, left_out } = off_policy;
  return [
    "what it would have reached, by calls whose model was drawn at random (self-normalised inverse propensity)",
    line(
      "  success",
      estimateInWords(success, (value) => percent(value, false)),
    ),
    line(
      "  cost a call",
      estimateInWords(cost_usd, (value) => `$${usd(value)}`),
    ),
    ...entriesOf(left_out).map(([why, times]) => line("  left out", `${count(times)}: ${why}`)),
  ].join("\n");
}

/** How far the mean of the weights may be from 1 by chance alone, in most logs. */
const WEIGHT_TOLERANCE = 0.2;

function estimateInWords(found: OffPolicy, show: (value: number) => string): string {
  const { calls, matched, meanWeight, effectiveSize, logged, estimate } = found;
  const size = `effective sample size ${effectiveSize.toFixed(0)} conversations, ${count(matched)} of ${count(calls)} calls match`;
  if (estimate === null || estimate.value === null) {
    return `not told: ${size}, and below ${LEAST_EFFECTIVE_SIZE} an interval covers too seldom; log more with \`explore\``;
  }
  const range =
    estimate.low === null || estimate.high === null
      ? ""
      : ` (95 % of ${show(estimate.low)} to ${show(estimate.high)})`;
  const odd =
    Math.abs(meanWeight - 1) > WEIGHT_TOLERANCE
      ? `; the weights come to ${meanWeight.toFixed(2)} instead of 1, so distrust it`
      : "";
  const cut = found.isCut ? "; the first calls only" : "";
  return `${show(estimate.value)}${range}, logged ${logged === null ? "-" : show(logged)}; ${size}${odd}${cut}`;
}

function describeChanges(changes: readonly ChangedRow[], changed: number): string {
  if (changes.length === 0) return "";
  const lines = changes.map(({ id, before, after }) => {
    return `${id}  ${before.tier ?? "-"}, ${before.model} -> ${after.tier ?? "-"}, ${after.model}: ${after.reason}`;
  });
  const left = changed - changes.length;
  return [
    "rows that changed",
    ...lines,
    ...(left > 0 ? [`and ${count(left)} more: --changes, --out`] : []),
  ].join("\n");
}

function entriesOf(counts: Readonly<Record<string, number>>): (readonly [string, number])[] {
  return Object.entries(counts).slice(0, MAX_LISTED);
}

function leftOut(length: number): string[][] {
  return length > MAX_LISTED ? [[`and ${count(length - MAX_LISTED)} more`]] : [];
}

function share(part: number, whole: number): string {
  return whole === 0 ? "" : ` (${percent(part / whole, false)})`;
}

function percent(ratio: number, isSigned: boolean): string {
  return `${isSigned && ratio > 0 ? "+" : ""}${(100 * ratio).toFixed(1)} %`;
}

function usd(value: number): string {
  return value >= 1 ? value.toFixed(2) : value.toPrecision(3);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
