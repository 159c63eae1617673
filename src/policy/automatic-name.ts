import type { Policy } from "./policy.ts";

/** A name that is routed by its score; null where the policy has none, but for patterns. */
export function automaticName({ aliases, unknownModel }: Policy): string | null {
  const alias = Array.from(aliases).find(([, { kind }]) => kind === "auto_route")?.[0];
  return alias ?? (unknownModel === "auto" ? "auto" : null);
}
