import type { CatalogModel } from "./catalog.ts";

/** Tokens of one call. */
export interface TokenCounts {
  readonly prompt: number;
  readonly completion: number;
  /** Of the prompt's tokens: those that the provider had in its cache. */
  readonly cached: number;
}

/**
 * What a call costs by the catalogue's prices, in USD; null where one of them is not known. A model without a price
 * for cached tokens bills them as any other.
 */
export function tokenCostUsd(tokens: TokenCounts, model: CatalogModel | undefined): number | null {
  const input = model?.inputCostPerToken ?? null;
  const output = model?.outputCostPerToken ?? null;
  if (input === null || output === null) return null;
  const cached = Math.min(tokens.cached, tokens.prompt);
  const cachedPrice = model?.cachedInputCostPerToken ?? input;
  return (tokens.prompt - cached) * input + cached * cachedPrice + tokens.completion * output;
}
