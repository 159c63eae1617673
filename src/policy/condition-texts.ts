import type { Routing } from "./schema.ts";
import type { ConditionSection } from "./schema-rules.ts";
import type { Path } from "./source.ts";

/** Conditions of a rule, or those under its `not`, and where they stand. */
export interface ConditionBlock {
  readonly path: Path;
  readonly block: ConditionSection;
}

/** The conditions of all rules as written, those under `not` too. */
export function conditionBlocksOf({ rules }: Routing): readonly ConditionBlock[] {
  return rules.flatMap(({ when }, index) => {
    if (when === undefined) return [];
    const { not, ...block } = when;
    const path: Path = ["routing", "rules", index, "when"];
    return [{ path, block }, ...negated(not, [...path, "not"])];
  });
}

function negated(
  not: ConditionSection | readonly ConditionSection[] | undefined,
  path: Path,
): readonly ConditionBlock[] {
  if (not === undefined) return [];
  if (!isList(not)) return [{ path, block: not }];
  return not.map((block, index) => ({ path: [...path, index], block }));
}

const isList = <Item>(value: Item | readonly Item[]): value is readonly Item[] => Array.isArray(value);

/** Where the values of a condition stand: its own place, or those of its list. */
export function placesOf(value: unknown, path: Path): readonly Path[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map((_, index) => [...path, index]) : [path];
}
