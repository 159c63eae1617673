import { AUTO_ROUTE, followAlias, MAX_ALIAS_HOPS } from "./alias-chain.ts";
import type { Report } from "./report.ts";
import { childOf, entriesOf, type Path, quote, type SourceNode, textOf } from "./source.ts";
import { checkModel, checkPool, isModel, isOddTarget, suggestName, type TargetNames } from "./targets.ts";

/** Longest name of an alias, in UTF-16 code units. */
const MAX_ALIAS_CHARS = 256;

const ALIASES: Path = ["routing", "aliases"];

interface Context {
  readonly names: TargetNames;
  readonly report: Report;
}

/** Reports aliases that lead nowhere, in a circle, or to a model that does not exist. */
export function checkAliases(routing: SourceNode, names: TargetNames, report: Report): void {
  const aliases = entriesOf(childOf(routing, "aliases"));
  const next = new Map(aliases.flatMap(([name, node]) => namedTarget(name, node)));
  for (const [name, node] of aliases) {
    checkName(name, report);
    const path = [...ALIASES, name];
    if (node.kind === "mapping") checkMapping(node, path, { names, report });
    else checkNamed(node, path, { names, report });
  }
  checkChains(next, report);
}

const namedTarget = (name: string, node: SourceNode): [string, string][] => {
  const target = textOf(node);
  return target === null ? [] : [[name, target]];
};

function checkName(name: string, report: Report): void {
  const path = [...ALIASES, name];
  if (name === AUTO_ROUTE) report.error(path, `found an alias named ${AUTO_ROUTE}, expected another name`);
  if (name === "" || name.length > MAX_ALIAS_CHARS) {
    report.error(path, `found a name of ${name.length} characters, expected 1 to ${MAX_ALIAS_CHARS}`);
  }
}

function checkMapping(node: SourceNode, path: Path, context: Context): void {
  const models = childOf(node, "models");
  const pick = childOf(node, "pick");
  if (models !== undefined) checkPool(models, [...path, "models"], context);
  else if (pick === undefined) {
    const enabled = childOf(node, "enabled");
    if (enabled?.kind === "scalar" && enabled.value === false) return;
    const meaning = "it stands for all models of the tiers, by pick: balanced";
    context.report.warn(path, `found neither pick nor models: ${meaning}`);
  } else if (textOf(pick) === "first" || textOf(pick) === "weighted") {
    context.report.unexpected(
      [...path, "pick"],
      "one of cost, latency, quality, balanced, or models to pick from",
    );
  }
}

function checkNamed(node: SourceNode, path: Path, context: Context): void {
  const name = textOf(node);
  const { names, report } = context;
  if (name === null || name === "" || name === AUTO_ROUTE || names.aliases.has(name)) return;
  if (isOddTarget(name)) checkModel(node, path, context);
  else if (!isModel(name, names)) {
    const written = report.textAt(path) ?? "";
    const suggestion = suggestName(written, { names, among: allNames(names), report });
    report.unexpected(path, `a model of model_list or external_models, an alias, or auto_route${suggestion}`);
  }
}

/** Read only where a suggestion is still to be made: a list for each of thousands of typos would take seconds. */
function* allNames({ aliases, models }: TargetNames): Iterable<string> {
  yield AUTO_ROUTE;
  yield* aliases;
  yield* models;
}

/** Each cycle is told once, at its first alias in the file. */
function checkChains(next: ReadonlyMap<string, string>, report: Report): void {
  const told = new Set<string>();
  for (const alias of next.keys()) {
    const chain = followAlias(alias, next);
    if (chain.kind === "too_long") {
      report.error(
        [...ALIASES, alias],
        `found a chain of more than ${MAX_ALIAS_HOPS} aliases, expected fewer`,
      );
    } else if (chain.kind === "cycle" && !chain.cycle.some((name) => told.has(name))) {
      for (const name of chain.cycle) told.add(name);
      const shown = chain.cycle.map(quote).join(" -> ");
      report.error(
        [...ALIASES, chain.cycle[0] ?? alias],
        `found the cycle ${shown}, expected an end in a model or auto_route`,
      );
    }
  }
}
