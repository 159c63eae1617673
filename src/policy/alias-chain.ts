/** Longest chain of aliases: a longer one is no configuration that a person keeps in mind. */
export const MAX_ALIAS_HOPS = 16;

/** The target that stands for the classifier's choice. */
export const AUTO_ROUTE = "auto_route";

/** Where a chain of aliases leads. */
export type ChainEnd =
  /** The last name, no alias by itself; `via` are the aliases behind the first one. */
  | { readonly kind: "end"; readonly name: string; readonly via: readonly string[] }
  /** The aliases of the cycle, the first one again at the end. */
  | { readonly kind: "cycle"; readonly cycle: readonly string[] }
  | { readonly kind: "too_long" };

/**
 * Follows an alias to the first name that `next` has nothing for.
 *
 * @param next the target of each alias that names another name
 */
export function followAlias(alias: string, next: ReadonlyMap<string, string>): ChainEnd {
  const seen = [alias];
  for (let name = next.get(alias) ?? alias; ; name = next.get(name) ?? name) {
    if (seen.includes(name) && next.has(name)) {
      return { kind: "cycle", cycle: [...seen.slice(seen.indexOf(name)), name] };
    }
    if (!next.has(name)) return { kind: "end", name, via: seen.slice(1) };
    seen.push(name);
    if (seen.length > MAX_ALIAS_HOPS) return { kind: "too_long" };
  }
}
