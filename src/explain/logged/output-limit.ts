import { estimateCachedTokens } from "../../decide/cached-tokens.ts";
import type { Catalog } from "../../decide/catalog.ts";
import { EXPECTED_OUTPUT_TOKENS } from "../../decide/eligible.ts";
import { tokenCostUsd } from "../../decide/token-cost.ts";
import type { RouteRequest } from "../../request/route-request.ts";
import type { LoggedDecision } from "./logged-decision.ts";

/**
 * The client's limit of output, which is not logged, by the costs that were estimated with it; null where there was none
 * below the output that estimates assume, or the costs do not tell: prices have changed since, or it is a tool loop.
 */
export function outputLimitOf(
  row: LoggedDecision,
  request: RouteRequest,
  catalog: Catalog | null,
): number | null {
  if (catalog === null || request.askInputTokens !== undefined) return null;
  const limits = (row.candidates ?? []).flatMap(({ model, estimated_cost_usd: costUsd }) => {
    const [least, most] = [0, EXPECTED_OUTPUT_TOKENS].map((completion) =>
      tokenCostUsd({ ...inputOf(request), completion }, catalog.models.get(model)),
    );
    if (costUsd === null || typeof least !== "number" || typeof most !== "number" || most <= least) return [];
    return [((costUsd - least) / (most - least)) * EXPECTED_OUTPUT_TOKENS];
  });
  const [first] = limits;
  const areAlike = first !== undefined && limits.every((limit) => Math.abs(limit - first) < 1);
  return areAlike && first > 0 && first < EXPECTED_OUTPUT_TOKENS ? Math.round(first) : null;
}

/** Tokens of the input, as costs are estimated with. */
export function inputOf(request: RouteRequest): { readonly prompt: number; readonly cached: number } {
  const prompt = request.inputTokens ?? 0;
  return { prompt, cached: estimateCachedTokens(request, prompt) };
}
