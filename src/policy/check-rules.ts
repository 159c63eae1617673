import { defaultName, MATCHED_TEXTS } from "./compile-rules.ts";
import type { Report } from "./report.ts";
import { childOf, entriesOf, itemsOf, type Path, type SourceNode, textOf } from "./source.ts";
import { checkModel, type TargetNames } from "./targets.ts";
import { MAX_SET_SIZE, refusePattern, sizeOfPatterns } from "./text-patterns.ts";
import { isTimeZone } from "./time-zone.ts";

const RULES: Path = ["routing", "rules"];

/** Keys of a rule that are no action. */
const NO_ACTIONS = new Set(["name", "when", "stop"]);

/** Headers whose names speak of a secret, as in SECRET_HEADERS of callback/signalbox.py, which never sends them. */
const SECRET_HEADER = /auth|cookie|key|token|secret|passw/i;

/** A name of a header as HTTP has it. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i;

/** The callback takes no more names. */
const MAX_HEADER_NAMES = 32;

interface Context {
  readonly names: TargetNames;
  /** Tiers, cheapest first as the file has them. */
  readonly tiers: readonly string[];
  readonly report: Report;
}

/** Reports what a schema cannot see in rules: tiers, models and patterns that do not exist, and what contradicts itself. */
export function checkRules(routing: SourceNode, names: TargetNames, report: Report): void {
  const tiers = entriesOf(childOf(routing, "tiers")).map(([name]) => name);
  const rules = itemsOf(childOf(routing, "rules"));
  const context = { names, tiers, report };
  // Rules without a name have one too, by which traces name them.
  const unnamed = rules.entries().filter(([, rule]) => textOf(childOf(rule, "name")) === null);
  const seen = new Map(Array.from(unnamed, ([index]) => [defaultName(index), index]));
  for (const [index, rule] of rules.entries()) {
    if (rule.kind !== "mapping") continue;
    const path = [...RULES, index];
    checkName(rule, { path, index, seen, report });
    checkActions(rule, path, context);
    checkWhen(rule, { path, isLast: index === rules.length - 1, report });
    for (const [at, block] of conditionBlocks(rule, path)) checkConditions(block, at, report);
  }
  checkSizes(rules, report);
  checkHeaderCount(rules, report);
}

/** `seen` holds the names of the rules before and of those without one, with their places. */
function checkName(
  rule: SourceNode,
  { path, index, seen, report }: { path: Path; index: number; seen: Map<string, number>; report: Report },
): void {
  const name = textOf(childOf(rule, "name"));
  if (name === null) return;
  const before = seen.get(name);
  if (before === undefined) seen.set(name, index);
  else report.unexpected([...path, "name"], `a name of its own: rule ${before + 1} has this one`);
}

function checkActions(rule: SourceNode, path: Path, { names, tiers, report }: Context): void {
  const keys = entriesOf(rule).map(([key]) => key);
  if (keys.every((key) => NO_ACTIONS.has(key))) {
    report.error(
      path,
      "found no action, expected one of model, tier, min_tier, max_tier, pick, mode, max_cost_usd, max_latency_ms",
    );
  }
  checkModel(childOf(rule, "model"), [...path, "model"], { names, report });
  for (const key of ["tier", "min_tier", "max_tier"]) {
    const tier = textOf(childOf(rule, key));
    // Where there are none, that is told already.
    if (tier === null || tiers.length === 0 || tiers.includes(tier)) continue;
    report.unexpected([...path, key], `one of the tiers ${tiers.join(", ")}${report.suggest(tier, tiers)}`);
  }
  checkContradictions(rule, path, { tiers, report });
}

/** A rule that names its model or tier has no use for bounds of its own. */
function checkContradictions(
  rule: SourceNode,
  path: Path,
  { tiers, report }: Pick<Context, "tiers" | "report">,
): void {
  const has = (key: string) => childOf(rule, key) !== undefined;
  const target = has("model") ? "model" : "tier";
  const other = (target === "model" ? ["tier", "min_tier", "max_tier"] : ["min_tier", "max_tier"]).find(has);
  if (has(target) && other !== undefined) {
    report.error(path, `found both ${target} and ${other}, expected one of them`);
  }
  const [low, high] = ["min_tier", "max_tier"].map((key) => tiers.indexOf(textOf(childOf(rule, key)) ?? ""));
  if (low !== undefined && high !== undefined && high >= 0 && low > high) {
    report.unexpected([...path, "min_tier"], `a tier that is not above max_tier, "${tiers[high]}"`);
  }
}

function checkWhen(
  rule: SourceNode,
  { path, isLast, report }: { readonly path: Path; readonly isLast: boolean; readonly report: Report },
): void {
  const when = childOf(rule, "when");
  if (when !== undefined && when.kind !== "mapping") return;
  const conditions = entriesOf(when).filter(([key]) => key !== "time_zone");
  if (conditions.length > 0 || isLast) return;
  report.error(
    path,
    "found no condition, expected one in every rule but the last: no rule after it could match",
  );
}

/** The conditions of a rule and those under its `not`, each with its path. */
function conditionBlocks(rule: SourceNode, path: Path): readonly (readonly [Path, SourceNode])[] {
  const when = childOf(rule, "when");
  if (when === undefined) return [];
  const at = [...path, "when"];
  const not = childOf(when, "not");
  const negated: (readonly [Path, SourceNode])[] =
    not === undefined
      ? []
      : not.kind === "list"
        ? not.items.map((item, index) => [[...at, "not", index], item])
        : [[[...at, "not"], not]];
  return [[at, when], ...negated];
}

function checkConditions(block: SourceNode, path: Path, report: Report): void {
  for (const kind of MATCHED_TEXTS) checkPatterns(childOf(block, kind), [...path, kind], report);
  checkHeaders(childOf(block, "header"), [...path, "header"], report);
  checkClock(block, path, report);
  checkEmptySpan(block, { path, low: "min_input_tokens", high: "max_input_tokens", report });
  const turns = childOf(block, "turns");
  if (turns !== undefined) {
    checkEmptySpan(turns, { path: [...path, "turns"], low: "min", high: "max", report });
    if (isEmpty(turns)) report.error([...path, "turns"], "found no number, expected min or max");
  }
  if (path.at(-1) !== "when" && isEmpty(block)) {
    report.error(path, "found no condition, expected at least one");
  }
}

function isEmpty(node: SourceNode): boolean {
  return node.kind === "mapping" && node.entries.size === 0;
}

/** Values of a condition, each with its path. */
function valuesAt(node: SourceNode | undefined, path: Path): readonly (readonly [Path, SourceNode])[] {
  if (node === undefined) return [];
  return node.kind === "list" ? node.items.map((item, index) => [[...path, index], item]) : [[path, node]];
}

function checkPatterns(node: SourceNode | undefined, path: Path, report: Report): void {
  for (const [at, value] of valuesAt(node, path)) {
    const source = textOf(value);
    const refusal = source === null || source === "" ? null : refusePattern(source);
    if (refusal !== null) report.unexpected(at, refusal);
  }
}

function checkHeaders(node: SourceNode | undefined, path: Path, report: Report): void {
  if (node !== undefined && isEmpty(node)) {
    report.error(path, "found no header, expected at least one");
  }
  for (const [name] of entriesOf(node)) {
    if (!HEADER_NAME.test(name)) report.error([...path, name], "found no name of a header, expected one");
    else if (SECRET_HEADER.test(name)) {
      report.error(
        [...path, name],
        "found a name that speaks of a secret, expected another: the callback never sends headers with auth, cookie, key, token, secret or passw in their names",
      );
    }
  }
}

function checkClock(block: SourceNode, path: Path, report: Report): void {
  const zone = textOf(childOf(block, "time_zone"));
  if (zone === null) return;
  const at = [...path, "time_zone"];
  if (!isTimeZone(zone)) {
    const suggestion = report.suggest(zone, Intl.supportedValuesOf("timeZone"));
    report.unexpected(at, `an IANA time zone as Europe/Berlin${suggestion}`);
  }
  if (childOf(block, "hour") === undefined && childOf(block, "weekday") === undefined) {
    report.error(at, "found a time zone without hour or weekday, expected one of them beside it");
  }
}

function checkEmptySpan(
  node: SourceNode,
  { path, low, high, report }: { path: Path; low: string; high: string; report: Report },
): void {
  const [from, to] = [childOf(node, low), childOf(node, high)];
  if (from?.kind !== "scalar" || to?.kind !== "scalar") return;
  if (typeof from.value !== "number" || typeof to.value !== "number" || from.value <= to.value) return;
  report.unexpected([...path, low], `at most ${high}, ${to.value}`);
}

/** All patterns over one text are matched together. */
function checkSizes(rules: readonly SourceNode[], report: Report): void {
  for (const kind of MATCHED_TEXTS) {
    const sources = rules.flatMap((rule, index) =>
      conditionBlocks(rule, [...RULES, index]).flatMap(([, block]) =>
        valuesAt(childOf(block, kind), []).flatMap(([, value]) => textOf(value) ?? []),
      ),
    );
    const legal = sources.filter((source) => source !== "" && refusePattern(source) === null);
    const size = sizeOfPatterns(legal);
    if (size <= MAX_SET_SIZE) continue;
    report.error(
      RULES,
      `found ${legal.length} patterns of ${kind} with ${size} steps, expected at most ${MAX_SET_SIZE} steps together`,
    );
  }
}

function checkHeaderCount(rules: readonly SourceNode[], report: Report): void {
  const names = new Set(
    rules.flatMap((rule, index) =>
      conditionBlocks(rule, [...RULES, index]).flatMap(([, block]) =>
        entriesOf(childOf(block, "header")).map(([name]) => name.toLowerCase()),
      ),
    ),
  );
  if (names.size > MAX_HEADER_NAMES) {
    report.error(RULES, `found ${names.size} header names, expected at most ${MAX_HEADER_NAMES}`);
  }
}
