import type { Report } from "./report.ts";
import type { PoolEntry, Routing } from "./schema.ts";
import type { Path } from "./source.ts";

/** Beside a number below 1 one from here on is of another scale: shares and percents were mixed. */
const OTHER_SCALE = 10;
/** 1 %: by a smaller number next to nothing was meant. */
const LEAST_PERCENT = 0.01;

/** Warns of numbers on another scale than the key has, and of lists of numbers on two scales. */
export function lintScales(routing: Routing, report: Report): void {
  lintPercent(routing, report);
  lintQualities(routing, report);
  lintPickWeights(routing, report);
  lintPoolWeights(routing, report);
  lintStatic(routing, report);
}

const isBelowOne = (value: number) => value > 0 && value < 1;

/** 0.6 in percent, without the digits that binary fractions add. */
const percentOf = (ratio: number) => Number((100 * ratio).toPrecision(12));

function lintPercent({ rollout }: Routing, report: Report): void {
  if (rollout === undefined || !isBelowOne(rollout.percent)) return;
  const { percent } = rollout;
  report.warn(
    ["routing", "rollout", "percent"],
    `found ${percent}, which is less than one request in a hundred: ${percentOf(percent)} % are ${percentOf(percent)}`,
  );
}

/** Only their relation matters, so all of them may be ratios; a model without one counts by its tier, up to 100. */
function lintQualities({ models, tiers }: Routing, report: Report): void {
  const given = new Map(Object.entries(models).map(([name, { quality }]) => [name, quality]));
  const inTiers = Object.values(tiers).flatMap(({ model, models: pool = [] }) =>
    [model ?? [], ...pool].flat().map(nameOf),
  );
  const others = [...given.values()].filter((quality) => quality !== undefined);
  const isMixed =
    others.some((quality) => quality > 1) || inTiers.some((model) => given.get(model) === undefined);
  if (!isMixed) return;
  for (const [name, quality] of given) {
    if (quality === undefined || !isBelowOne(quality)) continue;
    report.warn(
      ["routing", "models", name, "quality"],
      `found ${quality}, but the scale is 0 to 100, on which other models stand: expected ${percentOf(quality)}`,
    );
  }
}

const nameOf = (entry: PoolEntry) => (typeof entry === "string" ? entry : entry.model);

function lintPickWeights({ pick_weights }: Routing, report: Report): void {
  for (const [pick, weights] of Object.entries(pick_weights)) {
    const path: Path = ["routing", "pick_weights", pick];
    for (const [part, weight] of Object.entries(weights)) {
      if (isOdd(weight, Object.values(weights))) warnOfShare([...path, part], weight, report);
    }
  }
}

const isOdd = (weight: number, all: readonly number[]) =>
  isBelowOne(weight) && weight >= LEAST_PERCENT && Math.max(...all) >= OTHER_SCALE;

function warnOfShare(path: Path, weight: number, report: Report): void {
  report.warn(
    path,
    `found ${weight} beside weights of ${OTHER_SCALE} and more, so that it hardly counts: ${percentOf(weight)} % are ${percentOf(weight)}`,
  );
}

function lintPoolWeights({ tiers, aliases }: Routing, report: Report): void {
  for (const [name, { models }] of Object.entries(tiers)) {
    lintPool(models, ["routing", "tiers", name, "models"], report);
  }
  for (const [name, alias] of Object.entries(aliases)) {
    if (typeof alias !== "string") lintPool(alias.models, ["routing", "aliases", name, "models"], report);
  }
}

function lintPool(models: readonly PoolEntry[] = [], path: Path, report: Report): void {
  const weights = models.map((entry) => (typeof entry === "string" ? undefined : entry.weight));
  const given = weights.filter((weight) => weight !== undefined);
  for (const [index, weight] of weights.entries()) {
    if (weight !== undefined && isOdd(weight, given)) warnOfShare([...path, index, "weight"], weight, report);
  }
  lintLeftOut(weights, path, report);
}

/** 80 beside nothing was to be 80 of 100, and 0.1 a tenth. */
function lintLeftOut(weights: readonly (number | undefined)[], path: Path, report: Report): void {
  const at = weights.indexOf(undefined);
  const odd = weights.find((weight) => weight !== undefined && (weight < 1 || weight >= OTHER_SCALE));
  if (at < 0 || odd === undefined) return;
  report.warn(
    [...path, at],
    `found no weight, which counts as 1, beside one of ${odd}: expected a weight of its own, as all of them make up the whole`,
  );
}

/** BSGateway writes the settings beside `strategy`. */
function lintStatic({ classifier }: Routing, report: Report): void {
  const [section, path]: readonly [typeof classifier.static, Path] =
    classifier.static === undefined
      ? [classifier, ["routing", "classifier"]]
      : [classifier.static, ["routing", "classifier", "static"]];
  lintSignalWeights(section?.weights, [...path, "weights"], report);
  for (const [index, floor] of section?.floors?.entries() ?? []) {
    for (const key of ["at_least", "score"] as const) {
      if (!isBelowOne(floor[key])) continue;
      report.warn(
        [...path, "floors", index, key],
        `found ${floor[key]}, but the scale is 0 to 100: expected ${percentOf(floor[key])}`,
      );
    }
  }
}

/** The defaults, of which each that is left out keeps its own, add up to 1.5. */
function lintSignalWeights(
  weights: Readonly<Record<string, number>> | undefined,
  path: Path,
  report: Report,
): void {
  const all = Object.entries(weights ?? {});
  const [name, most] = all.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
  const few = all.filter(([, weight]) => isOdd(weight, [most])).map(([signal]) => signal);
  if (few.length === 0) return;
  report.warn(
    [...path, name],
    `found ${most}, beside which ${few.join(", ")} with weights below 1 (the defaults where left out) hardly count: ${most} % are ${most / 100}`,
  );
}
