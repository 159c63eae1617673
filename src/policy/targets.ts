import type { Glob } from "./policy.ts";
import type { Report } from "./report.ts";
import { childOf, itemsOf, type Path, quote, type SourceNode, textOf } from "./source.ts";

/** What a target may be. */
export interface TargetNames {
  /** Exact names of model_list. */
  readonly models: ReadonlySet<string>;
  readonly aliases: ReadonlySet<string>;
  /** Names of model_list by what LiteLLM serves them from, `openai/gpt-5-mini` for one; those of aliases left out. */
  readonly deployments: ReadonlyMap<string, string>;
  /** LiteLLM's own wildcards (backings of patterns are not among them) and external_models. */
  readonly globs: readonly Glob[];
}

/** Whether LiteLLM has a model of that name. */
export function isModel(name: string, { models, globs }: TargetNames): boolean {
  return models.has(name) || globs.some((glob) => glob.matches(name));
}

/** Whether a name would ask LiteLLM for more, or for something else, than one model. */
export const isOddTarget = (name: string) => name.includes(",") || name.includes("://") || name.includes("*");

/** Reports a model name that cannot be served. */
export function checkModel(
  node: SourceNode | undefined,
  path: Path,
  { names, report }: { readonly names: TargetNames; readonly report: Report },
): void {
  const name = textOf(node);
  if (name === null || name === "") return;
  const expected = whatInstead(name, names);
  if (expected === null) return;
  const written = report.textAt(path) ?? "";
  const suggestion = names.aliases.has(name)
    ? ""
    : suggestName(written, { names, among: names.models, report });
  report.unexpected(path, expected + suggestion);
}

/** The name that was probably meant, as the end of a message. */
export function suggestName(
  written: string,
  {
    names,
    among,
    report,
  }: { readonly names: TargetNames; readonly among: Iterable<string>; readonly report: Report },
): string {
  const served = names.deployments.get(written);
  return served === undefined ? report.suggest(written, among) : ` (its model_name is ${quote(served)})`;
}

/** What a target should be instead; null where the name is fine. */
function whatInstead(name: string, names: TargetNames): string | null {
  if (isOddTarget(name)) return "one model name: no comma, no URL, no *";
  if (isModel(name, names)) return null;
  return names.aliases.has(name) ? "a model: this is an alias" : "a model of model_list or external_models";
}

/** Reports what is wrong with the models of a tier or an alias. */
export function checkPool(
  node: SourceNode | undefined,
  path: Path,
  context: { readonly names: TargetNames; readonly report: Report },
): void {
  const items = itemsOf(node);
  for (const [index, item] of items.entries()) {
    if (item.kind === "mapping") checkModel(childOf(item, "model"), [...path, index, "model"], context);
    else checkModel(item, [...path, index], context);
  }
  if (items.length > 0 && items.every(isDisabled)) {
    context.report.error(path, "found no enabled model, expected at least one");
  }
}

function isDisabled(item: SourceNode): boolean {
  const enabled = childOf(item, "enabled");
  return enabled?.kind === "scalar" && enabled.value === false;
}
