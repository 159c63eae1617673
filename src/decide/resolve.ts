import type { AliasTarget, Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Catalog } from "./catalog.ts";

/** What a requested name turned out to be. */
export type Resolution =
  | { readonly kind: "passthrough"; readonly because: string }
  | { readonly kind: "alias"; readonly target: Exclude<AliasTarget, { kind: "auto_route" }> }
  | { readonly kind: "auto"; readonly method: "auto" | "pattern"; readonly because: string };

/**
 * Finds out what a name is: an alias, then a model that exists, then a list of names, then a pattern, then a wildcard
 * of LiteLLM's own, then `unknown_model`. A model_list entry named like an alias or a pattern is what LiteLLM
 * serves while the sidecar is away, so it never makes the name a passthrough.
 */
export function resolve(request: RouteRequest, policy: Policy, catalog: Catalog | null): Resolution {
  if (policy.mode === "off") return { kind: "passthrough", because: "the mode is off" };
  const name = request.requestedModel;
  const alias = policy.aliases.get(name);
  if (alias !== undefined) return resolveAlias(name, alias);
  const isBacking = policy.patterns.some((pattern) => pattern.source === name);
  const existing = isBacking ? null : whereItExists(request, policy);
  if (existing !== null) return { kind: "passthrough", because: existing };
  // "a,b" asks LiteLLM for one call to each, which it makes of it behind the hook.
  if (name.includes(",")) {
    return { kind: "passthrough", because: "a list of models is LiteLLM's own batch call" };
  }
  const pattern = policy.patterns.find((glob) => glob.matches(name));
  if (pattern !== undefined) {
    return { kind: "auto", method: "pattern", because: `"${name}" matches the pattern "${pattern.source}"` };
  }
  return resolveUnlisted(name, policy, catalog);
}

/** The pattern that a name was resolved by, from what was said of it; null where none was. */
export function patternIn(because: string): string | null {
  return / matches the pattern "(.+)"$/.exec(because)?.[1] ?? null;
}

function resolveAlias(name: string, target: AliasTarget): Resolution {
  if (target.kind !== "auto_route") return { kind: "alias", target };
  return { kind: "auto", method: "auto", because: `"${name}" is an alias of auto_route` };
}

function whereItExists(request: RouteRequest, policy: Policy): string | null {
  const name = request.requestedModel;
  if (policy.models.has(name)) return `"${name}" is a model of model_list`;
  if (policy.externalModels.some((glob) => glob.matches(name))) return `"${name}" is an external model`;
  if (request.known) return `LiteLLM knows "${name}"`;
  return null;
}

function resolveUnlisted(name: string, policy: Policy, catalog: Catalog | null): Resolution {
  const backings = new Set(policy.patterns.map((pattern) => pattern.source));
  const wildcard = [...policy.wildcards, ...(catalog?.wildcards ?? [])].find(
    (glob) => !backings.has(glob.source) && glob.matches(name),
  );
  if (wildcard !== undefined) {
    return { kind: "passthrough", because: `"${name}" matches LiteLLM's wildcard "${wildcard.source}"` };
  }
  if (policy.unknownModel === "passthrough") {
    return { kind: "passthrough", because: `"${name}" is unknown and unknown_model is passthrough` };
  }
  return { kind: "auto", method: "auto", because: `"${name}" is no alias, model or pattern` };
}
