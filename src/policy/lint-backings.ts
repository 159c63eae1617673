import type { CompiledPolicy } from "./compile.ts";
import type { AliasTarget, Glob } from "./policy.ts";
import type { Report } from "./report.ts";
import type { Routing } from "./schema.ts";
import { type Path, quote } from "./source.ts";

/**
 * Warns of virtual names that LiteLLM cannot serve, or serves unlike the fallback, while the sidecar is away.
 * The backing of a name is the model_list entry of the same name.
 */
export function lintBackings(policy: CompiledPolicy, routing: Routing, report: Report): void {
  const backings = deploymentsOf(policy);
  for (const [name, target] of policy.aliases) {
    lintBacking(name, {
      path: ["routing", "aliases", name],
      wanted: wantedOf(target, policy),
      backings,
      policy,
      report,
    });
  }
  for (const [index, name] of routing.auto_route_patterns.entries()) {
    const path = ["routing", "auto_route_patterns", index];
    lintBacking(name, { path, wanted: fallbackDeployments(policy), backings, policy, report });
  }
}

interface Subject {
  readonly path: Path;
  /** Deployments that the backing may have; empty where none is known. */
  readonly wanted: readonly string[];
  readonly backings: ReadonlyMap<string, string>;
  readonly policy: CompiledPolicy;
  readonly report: Report;
}

function lintBacking(name: string, { path, wanted, backings, policy, report }: Subject): void {
  const backing = backings.get(name);
  if (backing === undefined) {
    if (isServedOtherwise(name, policy)) return;
    report.warn(
      path,
      `found no model_list entry named ${quote(name)}: LiteLLM does not list it, and cannot serve it while the sidecar is away`,
    );
  } else if (wanted.length > 0 && !wanted.includes(backing)) {
    report.warn(
      path,
      `found ${quote(backing)} behind the model_list entry ${quote(name)}, expected ${wanted.map(quote).join(" or ")}: this is served while the sidecar is away`,
    );
  }
}

/** `litellm_params.model` by name, wildcards among them. */
function deploymentsOf({ models, wildcards }: CompiledPolicy): ReadonlyMap<string, string> {
  return new Map([
    ...wildcards.map(({ source, deployment }) => [source, deployment] as const),
    ...Array.from(models, ([name, { deployment }]) => [name, deployment] as const),
  ]);
}

/** A wider wildcard of model_list takes the name, or LiteLLM has it from elsewhere. */
function isServedOtherwise(name: string, { wildcards, externalModels }: CompiledPolicy): boolean {
  return [...wildcards, ...externalModels].some((glob: Glob) => glob.matches(name));
}

/** An alias of models may well be backed by one of them. */
function wantedOf(target: AliasTarget, policy: CompiledPolicy): readonly string[] {
  const fallback = fallbackDeployments(policy);
  switch (target.kind) {
    case "auto_route":
    case "objective":
      return fallback;
    case "model":
      return known([target.model], policy, fallback);
    case "pool":
      return known(
        target.models.map(({ model }) => model),
        policy,
        fallback,
      );
    default:
      return target satisfies never;
  }
}

function fallbackDeployments(policy: CompiledPolicy): readonly string[] {
  const tier = policy.tiers.find(({ name }) => name === policy.fallbackTier);
  const first = tier?.models[0];
  return first === undefined ? [] : known([first.model], policy, []);
}

/** Deployments of the models that model_list gives; none where one of them is from elsewhere. */
function known(
  models: readonly string[],
  policy: CompiledPolicy,
  others: readonly string[],
): readonly string[] {
  const deployments = models.flatMap((model) => policy.models.get(model)?.deployment ?? []);
  return deployments.length < models.length ? [] : Array.from(new Set([...others, ...deployments]));
}
