import type { Report } from "./report.ts";
import { childOf, entriesOf, type SourceNode } from "./source.ts";
import { isModel, isOddTarget, type TargetNames } from "./targets.ts";

/** Reports entries of `routing.models` that are about no model. */
export function checkTraits(routing: SourceNode, names: TargetNames, report: Report): void {
  for (const [name] of entriesOf(childOf(routing, "models"))) {
    if (isModel(name, names) && !isOddTarget(name)) continue;
    const suggestion = report.suggest(name, names.models);
    report.error(
      ["routing", "models", name],
      `found the name of no model, expected a model of model_list or external_models${suggestion}`,
    );
  }
}
