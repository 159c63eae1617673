import { dirname, relative, resolve } from "node:path";
import { stringify } from "yaml";
import type { TrainResult } from "../learn/own/train-on-own.ts";
import type { Policy } from "../policy/policy.ts";
import { percent } from "./train-report.ts";

interface Switch {
  /** The file that was written. */
  readonly out: string;
  /** Path of gateway.yaml. */
  readonly gateway: string;
  readonly policy: Policy;
  /** The classifier that gateway.yaml names, null where it names none. */
  readonly named: string | null;
}

/** What of gateway.yaml says which classifier routes, and where its scores lead. */
interface Lines {
  readonly strategy: string;
  readonly artifact: string | null;
  readonly tiers: readonly { readonly name: string; readonly low: number; readonly high: number }[];
}

/** How to use what was trained, and how to go back. */
export function describeSwitch(
  { ranges, costBasis }: Pick<TrainResult, "ranges" | "costBasis">,
  { out, gateway, policy, named }: Switch,
): string {
  const lows = [0, ...ranges.borders];
  const tiers = policy.tiers.map(({ name }, at) => {
    return { name, low: lows[at] ?? 0, high: (lows[at + 1] ?? 101) - 1 };
  });
  const before = { strategy: policy.classifier.strategy, artifact: named, tiers: policy.tiers };
  return [
    `better: wrote ${out}`,
    "",
    `To switch, in ${gateway} (keep the tiers' models):`,
    "",
    ...linesOf({ strategy: "ml", artifact: pathFrom(gateway, out), tiers }),
    "",
    `These ranges send ${percent(ranges.strongShare)} beyond ${tiers[0]?.name}, keep ${percent(ranges.keptQuality)} of the strong model's quality ` +
      `and ${costOf(ranges.costShare, costBasis)}.${tiers.length > 2 ? MIDDLE_TIERS : ""}`,
    "",
    `To go back, put the old lines in again${named === null ? ", without ml" : ""}: nothing else was changed.`,
    "",
    ...linesOf(before),
    "",
  ].join("\n");
}

/** Of models between the two no label was read. */
const MIDDLE_TIERS =
  " Both are counted as if the strong model served all of it: tiers between cost less, and may keep less.";

/** Without prices the cheap model's calls count nothing, and the strong one's one each. */
function costOf(share: number, basis: TrainResult["costBasis"]): string {
  if (basis === "usd") return `cost ${percent(share)} of always asking it`;
  return `make ${percent(share)} of its calls (too few costs are known: the cheap model counts as free)`;
}

function linesOf({ strategy, artifact, tiers }: Lines): string[] {
  return [
    "  classifier:",
    `    strategy: ${strategy}`,
    ...(artifact === null ? [] : [`    ml: ${inline({ artifact })}`]),
    "  tiers:",
    ...tiers.map(({ name, low, high }) => `    ${name}: {score_range: [${low}, ${high}]}`),
  ];
}

/** The path as gateway.yaml is to name it: from its folder on where it lies in there. */
function pathFrom(gateway: string, out: string): string {
  const path = relative(dirname(resolve(gateway)), resolve(out));
  return path.startsWith("..") ? resolve(out) : path;
}

function inline(value: Readonly<Record<string, string>>): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}
