import type { LoadedArtifact } from "../classify/ml/parse-artifact.ts";
import { AUTO_ROUTE, followAlias } from "./alias-chain.ts";
import { compileClassifier, compileCollector } from "./compile-classifier.ts";
import { compileRules, headerNames } from "./compile-rules.ts";
import type { Optional } from "./environment.ts";
import { ESCALATE_PHRASES } from "./escalate-phrases.ts";
import { deepFreeze } from "./freeze.ts";
import { compileGlob, compileWildcard } from "./glob.ts";
import type { ModelList } from "./model-list.ts";
import { compilePhrases } from "./phrases.ts";
import type {
  AliasTarget,
  ConversationConfig,
  ModelTraits,
  PickWeights,
  Policy,
  Tier,
  WeightedModel,
} from "./policy.ts";
import { revisionOf } from "./revision.ts";
import type { PoolEntry, Routing } from "./schema.ts";

/** A policy before its file was looked over for what is legal but not meant. */
export type CompiledPolicy = Omit<Policy, "warnings" | "modelListRevision">;

/** What a policy is made of beside its routing section. */
export interface CompileInput {
  readonly modelList: ModelList;
  /** What has no URL. */
  readonly off: ReadonlySet<Optional>;
  /** The trained classifier. */
  readonly loaded: LoadedArtifact | null;
}

/** Makes the policy of a file that has no error. */
export function compilePolicy(routing: Routing, { modelList, off, loaded }: CompileInput): CompiledPolicy {
  const tiers = compileTiers(routing.tiers);
  const rules = compileRules(routing.rules);
  const content: Omit<CompiledPolicy, "revision"> = {
    mode: routing.mode,
    access: routing.access,
    allowOverrides: routing.allow_overrides ?? (routing.access === "strict" ? "all" : "none"),
    fallbackTier: routing.fallback_tier,
    unknownModel: routing.unknown_model,
    baselineModel: routing.baseline_model ?? dearestModel(tiers),
    tiers,
    aliases: compileAliases(routing.aliases),
    passFallbacks: routing.pass_fallbacks,
    pickWeights: compilePickWeights(routing.pick_weights),
    preferLocal: routing.prefer_local ?? null,
    traits: new Map(Object.entries(routing.models).map(([name, traits]) => [name, compileTraits(traits)])),
    patterns: routing.auto_route_patterns.map(compileGlob),
    models: modelList.models,
    wildcards: modelList.wildcards.map(({ name, deployment }) => ({ ...compileWildcard(name), deployment })),
    externalModels: routing.external_models.map(compileGlob),
    rules,
    headerNames: headerNames(rules),
    classifier: compileClassifier(routing.classifier, { isOff: off.has("routing.classifier.llm"), loaded }),
    conversation: compileConversation(routing.conversation),
    rollout: routing.rollout ?? null,
    explore: routing.explore,
    collector: compileCollector(routing.collector, off.has("routing.collector.embedding")),
  };
  // A trained classifier is told apart by its digest.
  const classifier = { ...content.classifier, ml: loaded?.digest ?? null };
  return deepFreeze({ revision: revisionOf({ ...content, classifier }), ...content });
}

function compileConversation(section: Routing["conversation"]): ConversationConfig {
  return {
    downgradeAfter: section.downgrade_after,
    escalate: compilePhrases(section.escalate_phrases ?? ESCALATE_PHRASES),
    repeatRaisesAfter: section.repeat_raises_after,
    isCacheAware: section.cache_aware,
  };
}

/** By score, as the file has them: an object would put names such as "10" before all others. */
function compileTiers(tiers: Routing["tiers"]): readonly Tier[] {
  return Object.entries(tiers)
    .map(([name, tier]) => compileTier(name, tier))
    .sort((a, b) => a.low - b.low);
}

/** @throws {Error} never for a file without an error: each tier has a model. */
function dearestModel(tiers: readonly Tier[]): string {
  const model = tiers.at(-1)?.models[0]?.model;
  if (model === undefined) throw new Error("Cannot compile tiers: found no model, expected at least one");
  return model;
}

/** A tier without a range is the only one, and takes every score. */
function compileTier(name: string, tier: Routing["tiers"][string]): Tier {
  const [low, high] = tier.score_range ?? [0, 100];
  const models = tier.models ?? (tier.model === undefined ? [] : [tier.model]);
  return {
    name,
    low,
    high,
    models: compilePool(models),
    pick: tier.pick,
    description: tier.description ?? null,
  };
}

/** A model that stands there more than once has all of its shares, at its first place. */
function compilePool(entries: readonly PoolEntry[]): readonly WeightedModel[] {
  const weights = new Map<string, number>();
  for (const entry of entries) {
    const {
      model,
      enabled,
      weight = 1,
    } = typeof entry === "string" ? { model: entry, enabled: true } : entry;
    if (enabled) weights.set(model, (weights.get(model) ?? 0) + weight);
  }
  return Array.from(weights, ([model, weight]) => ({ model, weight }));
}

function compilePickWeights(section: Routing["pick_weights"]): CompiledPolicy["pickWeights"] {
  return {
    balanced: toShares(section.balanced),
    cost: toShares(section.cost),
    quality: toShares(section.quality),
    latency: toShares(section.latency),
  };
}

function toShares({ cost, quality, latency }: PickWeights): PickWeights {
  const sum = cost + quality + latency;
  return { cost: cost / sum, quality: quality / sum, latency: latency / sum };
}

function compileTraits(section: Routing["models"][string]): ModelTraits {
  return {
    quality: section.quality ?? null,
    specialties: section.specialties,
    local: section.local ?? null,
  };
}

type AliasSection = Routing["aliases"][string];

function compileAliases(section: Routing["aliases"]): ReadonlyMap<string, AliasTarget> {
  const enabled = new Map(Object.entries(section).filter(([, alias]) => isOn(alias)));
  const next = new Map(
    Array.from(enabled).flatMap(([name, alias]): [string, string][] =>
      typeof alias === "string" ? [[name, alias]] : [],
    ),
  );
  return new Map(enabled.keys().map((name) => [name, compileAlias(name, { enabled, next })]));
}

const isOn = (alias: AliasSection) => typeof alias === "string" || alias.enabled;

function compileAlias(
  alias: string,
  {
    enabled,
    next,
  }: { readonly enabled: ReadonlyMap<string, AliasSection>; readonly next: ReadonlyMap<string, string> },
): AliasTarget {
  const chain = followAlias(alias, next);
  if (chain.kind !== "end")
    throw new Error(`Cannot compile alias ${alias}: found a ${chain.kind}, expected an end`);
  const { name, via } = chain;
  if (name === AUTO_ROUTE) return { kind: "auto_route", via };
  const end = enabled.get(name);
  if (end === undefined || typeof end === "string") return { kind: "model", model: name, via };
  return compileMapping(end, name === alias ? via : [...via, name]);
}

function compileMapping(alias: Exclude<AliasSection, string>, via: readonly string[]): AliasTarget {
  if (alias.models === undefined) return { kind: "objective", pick: alias.pick ?? "balanced", via };
  const weighted = alias.models.some((entry) => typeof entry !== "string" && entry.weight !== undefined);
  return {
    kind: "pool",
    models: compilePool(alias.models),
    pick: alias.pick ?? (weighted ? "weighted" : "first"),
    via,
  };
}
