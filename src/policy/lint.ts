import { scoreBounds } from "../classify/score-bounds.ts";
import { AUTO_ROUTE } from "./alias-chain.ts";
import type { CompiledPolicy } from "./compile.ts";
import { lintBackings } from "./lint-backings.ts";
import { lintRequested } from "./lint-requested.ts";
import { lintRules } from "./lint-rules.ts";
import { lintScales } from "./lint-scales.ts";
import { lintTexts } from "./lint-texts.ts";
import { lintUnits } from "./lint-units.ts";
import { lintUpstreams } from "./lint-upstreams.ts";
import { unreachableTiers } from "./reach.ts";
import type { Report } from "./report.ts";
import type { PoolEntry, Routing } from "./schema.ts";
import { type Path, quote } from "./source.ts";

/** Warns of what is legal and surely not meant. */
export function lint(policy: CompiledPolicy, routing: Routing, report: Report): void {
  lintBackings(policy, routing, report);
  lintReach(policy, report);
  lintRules(policy, routing, report);
  lintRequested(policy, routing, report);
  lintPatterns(policy, report);
  lintAliasNames(policy, report);
  lintPools(routing, report);
  lintClassifier(policy, report);
  lintRollout(policy, report);
  lintScales(routing, report);
  lintOverrides(routing, report);
  lintTexts(routing, report);
  lintUnits(routing, report);
  lintUpstreams(policy, report);
}

function lintRollout({ mode, rollout, explore, tiers }: CompiledPolicy, report: Report): void {
  if (rollout !== null && mode !== "enforce") {
    report.warn(
      ["routing", "rollout"],
      `found a share under mode: ${mode}, which serves nothing: it has no effect`,
    );
  }
  if (explore > 0 && tiers.length === 1) {
    report.warn(["routing", "explore"], `found ${explore}, but one tier has no neighbour: nothing is tried`);
  }
}

/** As the keyword is written that no list may hold. */
const OVERRIDE_WORDS: ReadonlySet<string> = new Set(["all", "none", "*"]);

function lintOverrides({ allow_overrides: allowed }: Routing, report: Report): void {
  if (!Array.isArray(allowed)) return;
  for (const [index, team] of allowed.entries()) {
    if (!OVERRIDE_WORDS.has(team.toLowerCase())) continue;
    const word = team.toLowerCase() === "none" ? "none" : "all";
    const whose = word === "none" ? "nobody's" : "everybody's";
    report.warn(
      ["routing", "allow_overrides", index],
      `found ${quote(team)} in a list, where it is the id of a team: ${whose} are allow_overrides: ${word}`,
    );
  }
}

function lintReach(policy: CompiledPolicy, report: Report): void {
  const leadsThere =
    policy.patterns.length > 0 ||
    policy.unknownModel === "auto" ||
    Array.from(policy.aliases.values()).some(({ kind }) => kind === "auto_route");
  if (!leadsThere) {
    report.warn(
      ["routing", "tiers"],
      `found no alias that leads to ${AUTO_ROUTE}, no pattern, and unknown_model: passthrough, so no request reaches any tier`,
    );
    return;
  }
  // A trained classifier's scores may be any.
  if (policy.classifier.strategy !== "static") return;
  const bounds = scoreBounds(policy.classifier.static);
  for (const { name } of unreachableTiers(policy.tiers, bounds)) {
    if (name === policy.fallbackTier || isAskedFor(name, policy)) continue;
    const path = ["routing", "tiers", name, "score_range"];
    const span = `${Math.floor(bounds.lowest)}..${Math.ceil(bounds.highest)}`;
    report.warn(
      path,
      `found ${report.found(path)}, but the weights and floors of the static classifier give scores in ${span}: none reaches this tier`,
    );
  }
}

/** Rules reach what no score does. */
function isAskedFor(tier: string, { rules }: CompiledPolicy): boolean {
  return rules.some(({ actions }) => [actions.tier, actions.minTier, actions.maxTier].includes(tier));
}

function lintPatterns({ patterns, aliases }: CompiledPolicy, report: Report): void {
  for (const [index, pattern] of patterns.entries()) {
    const hidden = Array.from(aliases.keys()).filter((alias) => pattern.matches(alias));
    if (hidden.length === 0) continue;
    report.warn(
      ["routing", "auto_route_patterns", index],
      `found ${quote(pattern.source)}, which also matches the alias ${hidden.slice(0, 3).map(quote).join(", ")}: the alias wins`,
    );
  }
}

function lintAliasNames({ aliases, models, tiers }: CompiledPolicy, report: Report): void {
  for (const alias of aliases.keys()) {
    if (!alias.includes("*")) continue;
    report.warn(
      ["routing", "aliases", alias],
      "found a * in the name of an alias, which matches only itself: patterns belong into auto_route_patterns",
    );
  }
  for (const { name, models: pool } of tiers) {
    const backing = pool.find(({ model }) => aliases.has(model) && models.has(model));
    if (backing === undefined) continue;
    report.warn(
      ["routing", "tiers", name],
      `found ${quote(backing.model)} as a model, which is also an alias: the tier serves model_list's entry, not what the alias names`,
    );
  }
}

function lintPools(routing: Routing, report: Report): void {
  for (const [name, tier] of Object.entries(routing.tiers)) {
    const path = ["routing", "tiers", name];
    lintWeights(tier.models ?? [], { path: [...path, "models"], pick: tier.pick, report });
  }
  for (const [name, alias] of Object.entries(routing.aliases)) {
    if (typeof alias === "string") continue;
    const path = ["routing", "aliases", name];
    lintWeights(alias.models ?? [], { path: [...path, "models"], pick: alias.pick ?? "weighted", report });
  }
}

function lintWeights(
  models: readonly PoolEntry[],
  { path, pick, report }: { readonly path: Path; readonly pick: string; readonly report: Report },
): void {
  const weighted = models.some((entry) => typeof entry !== "string" && entry.weight !== undefined);
  if (!weighted || pick === "weighted") return;
  report.warn(path, `found weights, which pick: ${pick} does not use: pick: weighted does`);
}

function lintClassifier(policy: CompiledPolicy, report: Report): void {
  lintCascade(policy, report);
  lintAskedModel(policy, report);
}

/** 0 comes from training too: where the classifier errs no more often the less sure it is. */
function lintCascade({ classifier }: CompiledPolicy, report: Report): void {
  const { strategy, threshold, llm, ml } = classifier;
  if (strategy !== "cascade" || llm === null) return;
  if (llm.maxShare === 0) {
    report.warn(
      ["routing", "classifier", "llm", "max_share"],
      "found 0 under strategy: cascade: the LLM is never asked; set a share above 0, or take strategy: ml",
    );
  }
  if (threshold > 0) return;
  const from = ml.loaded?.cascadeConfidence === 0 ? ", as its training found" : "";
  report.warn(
    ["routing", "classifier", "strategy"],
    `found cascade with a threshold of 0${from}: the LLM is never asked; set classifier.threshold, or take strategy: ml`,
  );
}

/** LiteLLM would ask us about our own question. */
function lintAskedModel({ classifier, aliases, models, patterns }: CompiledPolicy, report: Report): void {
  const { strategy, llm } = classifier;
  if (llm === null || llm.api !== "openai" || (strategy !== "llm" && strategy !== "cascade")) return;
  const { model } = llm;
  const isRouted =
    aliases.get(model)?.kind === "auto_route" ||
    (!aliases.has(model) && !models.has(model) && patterns.some((pattern) => pattern.matches(model)));
  if (!isRouted) return;
  report.warn(
    ["routing", "classifier", "llm", "model"],
    `found ${quote(model)}, which is routed by the score: asked of LiteLLM, each question leads to another one; expected a model's own name`,
  );
}
