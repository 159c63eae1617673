import type { CompiledPolicy } from "./compile.ts";
import { placesOf } from "./condition-texts.ts";
import type { Report } from "./report.ts";
import type { Routing } from "./schema.ts";
import { type Path, quote } from "./source.ts";

/** What makes a glob of more than one name. */
const WILD = /[*?[]/;

/**
 * Warns of `model_requested` with a name about which no rule is asked: rules see what is routed automatically alone. Under
 * `not` such a name says nothing, and does no harm.
 */
export function lintRequested(policy: CompiledPolicy, routing: Routing, report: Report): void {
  for (const [index, { when }] of routing.rules.entries()) {
    const places = placesOf(when?.model_requested, ["routing", "rules", index, "when", "model_requested"]);
    for (const place of places) warnOfName(place, policy, report);
  }
}

function warnOfName(place: Path, policy: CompiledPolicy, report: Report): void {
  const name = report.textAt(place);
  const servedAs = name === null || WILD.test(name) ? null : servedAsAsked(name, policy);
  if (name === null || servedAs === null) return;
  report.warn(place, `found ${quote(name)}, ${servedAs}: no rule is asked about that`);
}

/** In words, why the name is not routed by the score; null where it is, or is none that is known. */
function servedAsAsked(name: string, { aliases, models }: CompiledPolicy): string | null {
  const alias = aliases.get(name);
  if (alias !== undefined) {
    return alias.kind === "auto_route" ? null : "an alias of models, which no score chooses from";
  }
  return models.has(name) ? "a model that is served as it is asked for" : null;
}
