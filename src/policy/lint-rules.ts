import type { CompiledPolicy } from "./compile.ts";
import type { Report } from "./report.ts";
import type { Condition, Rule } from "./rule.ts";
import type { Routing } from "./schema.ts";
import { type Path, quote } from "./source.ts";

const RULES: Path = ["routing", "rules"];

/** Warns of rules that can never match, and of those that ask for what is switched off. */
export function lintRules({ rules }: CompiledPolicy, routing: Routing, report: Report): void {
  const claims = rules.map(({ conditions }) => conditions.map(claimOf));
  for (const [index, rule] of rules.entries()) {
    const earlier = rules.slice(0, index).find((other, at) => other.stop && hides(claims[at], claims[index]));
    if (earlier !== undefined) {
      report.warn(
        [...RULES, index],
        `found conditions of which ${earlier.label} takes all requests: this one never matches`,
      );
    }
    lintTools(rule, index, report);
    lintNot(rule, index, report);
    lintAnyText(rule, index, report);
    lintSlashes(rule, index, report);
    lintTarget(rule, { index, routing, report });
  }
}

/** What a condition asks for, in a form that can be compared fast: there may be hundreds of rules. */
interface Claim {
  /** All but its values. */
  readonly subject: string;
  /** Of which one is enough; none where it has a number. */
  readonly values: ReadonlySet<string>;
  /** The higher, the fewer requests; 0 where it has no number. */
  readonly strictness: number;
}

function claimOf(condition: Condition): Claim {
  const none = new Set<string>();
  switch (condition.kind) {
    case "min_input_tokens":
      return { subject: condition.kind, values: none, strictness: condition.tokens };
    case "max_input_tokens":
      return { subject: condition.kind, values: none, strictness: -condition.tokens };
    case "min_budget_used_ratio":
      return { subject: condition.kind, values: none, strictness: condition.ratio };
    default: {
      const values = "any" in condition ? condition.any.map((value) => JSON.stringify(value)) : [];
      const subject = JSON.stringify({ ...condition, any: null });
      return { subject, values: new Set(values), strictness: 0 };
    }
  }
}

/** Whether a rule with the first conditions stops at every request that would match one with the second. */
function hides(earlier: readonly Claim[] = [], later: readonly Claim[] = []): boolean {
  return earlier.every((wide) => later.some((narrow) => implies(narrow, wide)));
}

function implies(narrow: Claim, wide: Claim): boolean {
  return (
    narrow.subject === wide.subject &&
    narrow.strictness >= wide.strictness &&
    narrow.values.isSubsetOf(wide.values)
  );
}

function lintTools({ conditions }: Rule, index: number, report: Report): void {
  const without = conditions.some((condition) => condition.kind === "has_tools" && !condition.is);
  if (!without || !conditions.some(({ kind }) => kind === "tool_name")) return;
  report.warn(
    [...RULES, index, "when"],
    "found tool_name beside has_tools: false, which no request can be: this rule never matches",
  );
}

function lintNot({ conditions }: Rule, index: number, report: Report): void {
  const own = conditions.map(claimOf);
  const blocks = conditions.flatMap((condition) => (condition.kind === "not" ? condition.blocks : []));
  if (!blocks.some((block) => hides(block.map(claimOf), own))) return;
  report.warn(
    [...RULES, index, "when", "not"],
    "found conditions that hold whenever those beside them do: this rule never matches",
  );
}

/** `iban|` for one. */
function lintAnyText({ conditions }: Rule, index: number, report: Report): void {
  for (const condition of conditions) {
    if (!("any" in condition) || !condition.kind.endsWith("_matches")) continue;
    const open = condition.any.find(
      (value) => typeof value === "object" && "source" in value && value.matches(""),
    );
    if (typeof open !== "object" || !("source" in open)) continue;
    report.warn(
      [...RULES, index, "when", condition.kind],
      `found ${quote(open.source)}, which matches an empty text, and so every text`,
    );
  }
}

/** As other languages write a regular expression with its flags; without any it may be a path. */
const IN_SLASHES = /^\/.+\/[gimsuy]+$/s;

function lintSlashes({ conditions }: Rule, index: number, report: Report): void {
  for (const condition of conditions) {
    if (!("any" in condition) || !condition.kind.endsWith("_matches")) continue;
    const written = condition.any.map((value) =>
      typeof value === "object" && "source" in value ? value.source : "",
    );
    for (const source of written.filter((text) => IN_SLASHES.test(text))) {
      report.warn(
        [...RULES, index, "when", condition.kind],
        `found ${quote(source)}, whose slashes have to stand in the text: leave them out, the case of letters is ignored anyway`,
      );
    }
  }
}

function lintTarget(
  { actions: { model } }: Rule,
  { index, routing, report }: { readonly index: number; readonly routing: Routing; readonly report: Report },
): void {
  const off = Object.entries(routing.tiers).find(([, { models = [] }]) =>
    models.some((entry) => typeof entry !== "string" && entry.model === model && !entry.enabled),
  );
  if (model === null || off === undefined) return;
  report.warn(
    [...RULES, index, "model"],
    `found ${quote(model)}, which is switched off in the tier ${quote(off[0])}: this rule still serves it`,
  );
}
