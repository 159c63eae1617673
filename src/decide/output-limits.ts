import type { RouteRequest } from "../request/route-request.ts";
import type { Catalog } from "./catalog.ts";
import type { Candidate, Decision, TraceStep } from "./decision.ts";

/** Most tokens that each of the models answers with, where the catalogue says. */
export function outputLimits(
  candidates: readonly Candidate[],
  catalog: Catalog | null,
): Record<string, number> {
  const limits: [string, number][] = [];
  for (const { model } of candidates) {
    const limit = catalog?.models.get(model)?.maxOutputTokens ?? null;
    if (limit !== null) limits.push([model, limit]);
  }
  return Object.fromEntries(limits);
}

/** What the callback lowers because the model that it sets answers with fewer tokens than the client asked for. */
export function outputSteps(
  { maxOutputTokens: asked }: RouteRequest,
  { model, rewrite, maxOutputTokens }: Pick<Decision, "model" | "rewrite" | "maxOutputTokens">,
): TraceStep[] {
  const limit = maxOutputTokens[model];
  const isLowered = rewrite && asked !== null && limit !== undefined && limit < asked;
  return isLowered ? [{ step: "output", model, asked, limit }] : [];
}
