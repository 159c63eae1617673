import { estimateTokens } from "../classify/estimate-tokens.ts";
import type { RouteRequest } from "../request/route-request.ts";

/** Shortest prompt that providers keep, in tokens: OpenAI's and Anthropic's documentation say 1,024. */
const LEAST_CACHED_TOKENS = 1_024;

/**
 * Estimates how much of the input the provider has in its cache if the conversation was with one model so far: all but
 * what came since its last answer.
 */
export function estimateCachedTokens(request: RouteRequest, inputTokens: number): number {
  const isFirstCall = request.facts.humanTurns < 2 && !request.endsInToolResult;
  if (isFirstCall) return 0;
  const cached = inputTokens - newTokens(request);
  return cached < LEAST_CACHED_TOKENS ? 0 : cached;
}

function newTokens({ endsInToolResult, otherTexts, turns }: RouteRequest): number {
  if (endsInToolResult) return estimateTokens(otherTexts.at(-1) ?? "");
  const newest = turns.at(-1);
  if (newest === undefined || newest.text === "") return 0;
  return Math.ceil((estimateTokens(newest.text) * newest.chars) / newest.text.length);
}
