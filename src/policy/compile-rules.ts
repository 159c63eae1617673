import { compileGlob } from "./glob.ts";
import type { Condition, Rule, RuleActions, Span, TextPattern, TimeZone } from "./rule.ts";
import { type ConditionSection, type RuleSection, WEEKDAYS } from "./schema-rules.ts";
import { createPatternSet, createTextFinder, type PatternSet } from "./text-patterns.ts";
import { createTimeZone, UTC } from "./time-zone.ts";

/** Texts of a request that regular expressions are matched against, by the condition that asks. */
export const MATCHED_TEXTS = ["text_matches", "system_matches", "harness_matches"] as const;

type MatchedText = (typeof MATCHED_TEXTS)[number];

/** The rules of a file that has no error. */
export function compileRules(sections: readonly RuleSection[]): readonly Rule[] {
  const sets = {
    text_matches: createPatternSet(),
    system_matches: createPatternSet(),
    harness_matches: createPatternSet(),
  };
  const text_contains = createTextFinder();
  const rules = sections.map((section, index) => compileRule(section, index, { ...sets, text_contains }));
  for (const set of Object.values(sets)) set.seal();
  return rules;
}

/** Names of the request headers that rules read, lower case, each once. */
export function headerNames(rules: readonly Rule[]): readonly string[] {
  const names = rules.flatMap(({ conditions }) => conditions.flatMap(headersOf));
  return Array.from(new Set(names));
}

function headersOf(condition: Condition): readonly string[] {
  if (condition.kind === "not") return condition.blocks.flat().flatMap(headersOf);
  return condition.kind === "header" ? [condition.name] : [];
}

interface Sets extends Readonly<Record<MatchedText, PatternSet>> {
  readonly text_contains: (source: string) => TextPattern;
}

function compileRule(section: RuleSection, index: number, sets: Sets): Rule {
  const { not, ...own } = section.when ?? {};
  const negated: Condition[] = not === undefined ? [] : [{ kind: "not", blocks: blocksOf(not, sets) }];
  return {
    name: section.name ?? defaultName(index),
    label: section.name === undefined ? defaultName(index) : `rule "${section.name}"`,
    conditions: [...compileConditions(own, sets), ...negated].sort(byEffort),
    actions: compileActions(section),
    stop: section.stop,
  };
}

/** Name of a rule that has none. `index` counts from 0, people from 1. */
export const defaultName = (index: number) => `rule ${index + 1}`;

function blocksOf(not: ConditionSection | readonly ConditionSection[], sets: Sets) {
  const blocks: readonly ConditionSection[] = Array.isArray(not) ? not : [not];
  return blocks.map((block) => compileConditions(block, sets).sort(byEffort));
}

function compileActions(section: RuleSection): RuleActions {
  return {
    model: section.model ?? null,
    tier: section.tier ?? null,
    minTier: section.min_tier ?? null,
    maxTier: section.max_tier ?? null,
    pick: section.pick ?? null,
    mode: section.mode ?? null,
    maxCostUsd: section.max_cost_usd ?? null,
    maxLatencyMs: section.max_latency_ms ?? null,
  };
}

/** What has to be found out of a text comes last, the dearest at the very end. */
const DEAR: readonly Condition["kind"][] = [
  "hour",
  "weekday",
  "not",
  "text_contains",
  "system_matches",
  "harness_matches",
  "text_matches",
  "has_code",
  "has_error_trace",
  "language",
  "category",
];

const byEffort = (a: Condition, b: Condition) => DEAR.indexOf(a.kind) - DEAR.indexOf(b.kind);

function compileConditions(section: ConditionSection, sets: Sets): Condition[] {
  return [
    ...textConditions(section, sets),
    ...sizeConditions(section),
    ...featureConditions(section),
    ...callerConditions(section),
    ...clockConditions(section),
  ];
}

type One<Value> = Value | readonly Value[] | undefined;

/** The values of a condition, none where it is not in the file. */
function valuesOf<Value extends string | number>(value: One<Value>): readonly Value[] {
  if (value === undefined) return [];
  return typeof value === "string" || typeof value === "number" ? [value] : value;
}

/** The condition, where it is in the file. */
function where<Value extends string | number>(
  value: One<Value>,
  make: (any: readonly Value[]) => Condition,
): Condition[] {
  return value === undefined ? [] : [make(valuesOf(value))];
}

function textConditions(section: ConditionSection, sets: Sets): Condition[] {
  const matched = MATCHED_TEXTS.flatMap((kind) =>
    where(section[kind], (any) => ({ kind, any: any.map((source): TextPattern => sets[kind].add(source)) })),
  );
  return [
    ...where(section.text_contains, (any) => ({ kind: "text_contains", any: any.map(sets.text_contains) })),
    ...matched,
    ...where(section.category, (any) => ({ kind: "category", any })),
    ...where(section.language, (any) => ({ kind: "language", any })),
  ];
}

function sizeConditions(section: ConditionSection): Condition[] {
  const sizes = (["min_input_tokens", "max_input_tokens"] as const).flatMap((kind): Condition[] => {
    const tokens = section[kind];
    return tokens === undefined ? [] : [{ kind, tokens }];
  });
  return section.turns === undefined ? sizes : [...sizes, { kind: "turns", any: turnSpans(section.turns) }];
}

function turnSpans(turns: NonNullable<ConditionSection["turns"]>): readonly Span[] {
  if (typeof turns === "number") return [{ min: turns, max: turns }];
  if ("length" in turns) return turns.map((count) => ({ min: count, max: count }));
  return [{ min: turns.min ?? 0, max: turns.max ?? Number.MAX_SAFE_INTEGER }];
}

function featureConditions(section: ConditionSection): Condition[] {
  const kinds = ["has_images", "has_tools", "has_code", "has_error_trace"] as const;
  return kinds.flatMap((kind): Condition[] => {
    const is = section[kind];
    return is === undefined ? [] : [{ kind, is }];
  });
}

function callerConditions(section: ConditionSection): Condition[] {
  const names = (["tool_name", "model_requested"] as const).flatMap((kind) =>
    where(section[kind], (any) => ({ kind, any: any.map(compileGlob) })),
  );
  const ids = (["call_type", "team_id", "user_id", "key_alias", "tag"] as const).flatMap((kind) =>
    where(section[kind], (any) => ({ kind, any })),
  );
  const headers = Object.entries(section.header ?? {}).flatMap(([name, values]) =>
    where(values, (any) => ({ kind: "header", name: name.toLowerCase(), any: any.map(compileGlob) })),
  );
  const ratio = section.min_budget_used_ratio;
  const budget: Condition[] = ratio === undefined ? [] : [{ kind: "min_budget_used_ratio", ratio }];
  return [...names, ...ids, ...headers, ...budget];
}

function clockConditions({ hour, weekday, time_zone }: ConditionSection): Condition[] {
  if (hour === undefined && weekday === undefined) return [];
  const zone: TimeZone = createTimeZone(time_zone ?? UTC);
  return [
    ...where(hour, (any) => ({ kind: "hour", any: any.flatMap(hourSpans), zone })),
    ...where(weekday, (any) => ({ kind: "weekday", any: any.flatMap(daySpans), zone })),
  ];
}

const LAST_HOUR = 23;

function hourSpans(hour: string | number): readonly Span[] {
  if (typeof hour === "number") return [{ min: hour, max: hour }];
  const [from = 0, to = from] = hour.split("-").map(Number);
  return around({ min: from, max: to }, LAST_HOUR);
}

function daySpans(days: string): readonly Span[] {
  const [from = 0, to = from] = days.split("-").map((day) => WEEKDAYS.indexOf(day));
  return around({ min: from, max: to }, WEEKDAYS.length - 1);
}

/** From 22 to 5 goes over the end: two spans. */
function around({ min, max }: Span, last: number): readonly Span[] {
  return min <= max
    ? [{ min, max }]
    : [
        { min, max: last },
        { min: 0, max },
      ];
}
