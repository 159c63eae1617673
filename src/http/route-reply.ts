import { z } from "zod";
import { type Decision, METHODS } from "../decide/decision.ts";

/** The answer of POST /v1/route, as the callback reads it. */
export const routeReplySchema = z.object({
  decision_id: z.string().nullable().describe("Id of the row in routing_logs; null while the mode is off"),
  model: z.string().describe("The model to serve"),
  candidates: z.array(z.string()).max(16).describe("The whole ladder in order, the model first"),
  rewrite: z.boolean().describe("Whether the request's model is to be rewritten"),
  tier: z.string().nullable(),
  method: z.enum(METHODS),
  strategy: z.enum(["static", "ml", "llm"]).nullable().describe("Which classifier decided"),
  score: z.number().min(0).max(100).nullable().describe("Higher = needs a stronger model"),
  confidence: z.number().min(0).max(1).nullable(),
  reason: z.string(),
  requested_model: z.string(),
  mode: z.enum(["enforce", "shadow", "off"]),
  virtual: z.boolean().describe("The requested name is an alias, a pattern's match or an unknown name"),
  policy_revision: z.string(),
  access: z.enum(["strict", "virtual_name"]),
  max_output_tokens: z.record(z.string(), z.int()).describe("Output limits of candidates, in tokens"),
  deadline_ms: z.int().describe("How long to wait for the next answers"),
  needs_catalog: z.boolean().describe("The catalogue is missing or not the one that the callback has"),
  pass_fallbacks: z
    .boolean()
    .describe("Whether the candidates behind the served one are LiteLLM's fallbacks for this request"),
  header_names: z.array(z.string()).describe("Request headers that the policy reads, lower case"),
});

export type RouteReply = z.infer<typeof routeReplySchema>;

export interface ReplyOptions {
  readonly decisionId: string | null;
  readonly needsCatalog: boolean;
  readonly passFallbacks: boolean;
  readonly headerNames: readonly string[];
  readonly deadlineMs: number;
}

/** Writes a decision as the callback reads it. */
export function toRouteReply(decision: Decision, options: ReplyOptions): RouteReply {
  return {
    decision_id: options.decisionId,
    model: decision.model,
    candidates: [...decision.candidates],
    rewrite: decision.rewrite,
    tier: decision.tier,
    method: decision.method,
    strategy: decision.strategy,
    score: roundScore(decision.score),
    confidence: decision.confidence,
    reason: decision.reason,
    requested_model: decision.requestedModel,
    mode: decision.mode,
    virtual: decision.virtual,
    policy_revision: decision.policyRevision,
    access: decision.access,
    max_output_tokens: { ...decision.maxOutputTokens },
    deadline_ms: options.deadlineMs,
    needs_catalog: options.needsCatalog,
    pass_fallbacks: options.passFallbacks,
    header_names: [...options.headerNames],
  };
}

/** Decimals that a classifier's score has; a client's hint that is blended in makes more of them. */
const SCORE_DECIMALS = 2;

function roundScore(score: number | null): number | null {
  return score === null ? null : Number(score.toFixed(SCORE_DECIMALS));
}
