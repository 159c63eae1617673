import type { Report } from "./report.ts";
import { childOf, entriesOf, itemsOf, type Path, type SourceNode } from "./source.ts";
import { checkModel, checkPool, type TargetNames } from "./targets.ts";

/** Longest name of a tier: it is a header value and a label of metrics. */
const MAX_TIER_NAME_CHARS = 64;

/** The tier that a file without `fallback_tier` means, as in BSGateway. */
const DEFAULT_FALLBACK_TIER = "medium";

const TIERS: Path = ["routing", "tiers"];

interface NamedRange {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** Reports what a schema cannot see: ranges that do not fit each other, targets and tiers that do not exist. */
export function checkTiers(routing: SourceNode, names: TargetNames, report: Report): void {
  const tiersNode = childOf(routing, "tiers");
  const tiers = entriesOf(tiersNode);
  if (tiersNode?.kind === "mapping" && tiers.length === 0)
    report.error(TIERS, "found no tier, expected at least one");
  for (const [name, tier] of tiers) checkTier(name, tier, { names, report });
  checkRanges(tiers, report);
  if (tiers.length > 0) checkFallbackTier(childOf(routing, "fallback_tier"), tiers, report);
}

function checkTier(
  name: string,
  tier: SourceNode,
  context: { readonly names: TargetNames; readonly report: Report },
): void {
  const path = [...TIERS, name];
  const { report } = context;
  if (name === "" || name.length > MAX_TIER_NAME_CHARS) {
    report.error(path, `found a name of ${name.length} characters, expected 1 to ${MAX_TIER_NAME_CHARS}`);
  }
  if (tier.kind !== "mapping") return;
  const model = childOf(tier, "model");
  const models = childOf(tier, "models");
  if (model && models) report.error(path, "found both model and models, expected one of them");
  if (!model && !models) report.error(path, "found neither model nor models, expected one of them");
  checkModel(model, [...path, "model"], context);
  checkPool(models, [...path, "models"], context);
}

function checkRanges(tiers: readonly (readonly [string, SourceNode])[], report: Report): void {
  const ranges = tiers.flatMap(
    ([name, tier]) => readRange(name, tier, { alone: tiers.length === 1, report }) ?? [],
  );
  // What is said of neighbours makes sense only where each range does.
  if (ranges.length !== tiers.length || ranges.length === 0) return;
  if (!areAscending(ranges, report)) return;
  for (const [index, range] of ranges.entries()) checkStart(range, ranges[index - 1], report);
  const last = ranges.at(-1);
  if (last && last.high !== 100) {
    report.unexpected(pathOf(last), `an end of 100: no tier covers ${span(last.high + 1, 100)}`);
  }
}

/** null where the range is missing or makes no sense by itself; what the schema sees is left to it. */
function readRange(
  name: string,
  tier: SourceNode,
  { alone, report }: { readonly alone: boolean; readonly report: Report },
): NamedRange | null {
  if (tier.kind !== "mapping") return null;
  const node = childOf(tier, "score_range");
  const path = pathOf({ name });
  if (node === undefined) {
    if (alone) return { name, low: 0, high: 100 };
    report.unexpected(path, "two integers in 0..100");
    return null;
  }
  const [low, high, ...rest] = itemsOf(node).map((item) => (item.kind === "scalar" ? item.value : null));
  if (!isScore(low) || !isScore(high) || rest.length > 0) return null;
  if (low < high) return { name, low, high };
  report.unexpected(path, "the lower score first and a higher one behind it");
  return null;
}

const isScore = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;

function areAscending(ranges: readonly NamedRange[], report: Report): boolean {
  let ascending = true;
  for (const [index, range] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before === undefined || range.low >= before.low) continue;
    ascending = false;
    report.unexpected(
      pathOf(range),
      `tiers in ascending order: ${before.name} [${before.low}, ${before.high}] stands before it`,
    );
  }
  return ascending;
}

function checkStart(range: NamedRange, before: NamedRange | undefined, report: Report): void {
  const wanted = before === undefined ? 0 : before.high + 1;
  if (range.low === wanted) return;
  const why =
    range.low > wanted
      ? `no tier covers ${span(wanted, range.low - 1)}`
      : `${before?.name} [${before?.low}, ${before?.high}] overlaps it`;
  report.unexpected(pathOf(range), `a start of ${wanted}: ${why}`);
}

const span = (low: number, high: number) => (low === high ? `${low}` : `${low}..${high}`);

const pathOf = ({ name }: { readonly name: string }): Path => [...TIERS, name, "score_range"];

function checkFallbackTier(
  node: SourceNode | undefined,
  tiers: readonly (readonly [string, SourceNode])[],
  report: Report,
): void {
  const names = tiers.map(([name]) => name);
  const wanted = node === undefined ? DEFAULT_FALLBACK_TIER : node.kind === "scalar" ? node.value : null;
  if (typeof wanted !== "string" || names.includes(wanted)) return;
  const path: Path = ["routing", "fallback_tier"];
  const list = `one of the tiers ${names.join(", ")}`;
  if (node === undefined)
    report.unexpected(path, `${list}: there is no tier "${DEFAULT_FALLBACK_TIER}", the default`);
  else report.unexpected(path, list + report.suggest(report.textAt(path) ?? "", names));
}
