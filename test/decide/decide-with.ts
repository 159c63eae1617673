import type { Classify } from "../../src/classify/verdict.ts";
import { createSnapshot } from "../../src/compose.ts";
import type { Catalog } from "../../src/decide/catalog.ts";
import type { Context } from "../../src/decide/context.ts";
import { decide } from "../../src/decide/decide.ts";
import type { Decision } from "../../src/decide/decision.ts";
import { drawLots } from "../../src/decide/draws.ts";
import { type ModelHealth, UNMEASURED } from "../../src/decide/model-health.ts";
import { catalogSchema, createCatalogStore } from "../../src/http/catalog-store.ts";
import { compileGlob } from "../../src/policy/glob.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { read } from "../request/read.ts";

/** Some of what LiteLLM says of models, by name. */
export function catalogOf(
  models: Readonly<Record<string, object>>,
  wildcards: readonly string[] = [],
): Catalog {
  const store = createCatalogStore(compileGlob);
  const listed = Object.entries(models).map(([name, model]) => ({ name, ...model }));
  store.replace(catalogSchema.parse({ revision: "a", models: listed, wildcards }));
  const catalog = store.current();
  if (catalog === null) throw new Error("a catalogue was expected");
  return catalog;
}

/** Models that rest after failures, and of which nothing else is known. */
export function restingModels(...models: readonly string[]): ReadonlyMap<string, ModelHealth> {
  return new Map(models.map((model) => [model, { ...UNMEASURED, coolUntilMs: 1 }]));
}

/** A classifier whose score is the first number of a turn, 0 where there is none. */
export const scoreInText: Classify = (_, { text }) => {
  return { strategy: "ml", score: Number(/\d+/.exec(text)?.[0] ?? 0), confidence: 0.5, signals: () => [] };
};

/** Decides about an envelope whose body asks for `auto`, unless it says otherwise, by the draws that it gets at work. */
export function decideWith(
  policy: Policy,
  { body, ...envelope }: { readonly body: Record<string, unknown>; readonly [field: string]: unknown },
  more: Partial<Context> = {},
): Decision {
  const request = read({ model: "auto", ...body }, envelope);
  const world = { ...createSnapshot(policy), ...drawLots(request, policy), catalog: null, now: new Date(0) };
  return decide(request, { ...world, ...more });
}
