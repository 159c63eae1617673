import { z } from "zod";
import { CATEGORIES } from "../../classify/category/categories.ts";
import { LANGUAGE_CODES } from "../../classify/language/language-codes.ts";
import type { Candidate, TraceStep } from "../../decide/decision.ts";
import { PICKS } from "../../decide/overrides.ts";

const STRATEGIES = ["static", "ml", "llm"] as const;
const CONFIGURED = ["static", "ml", "llm", "cascade"] as const;

/** What `store_text: none` leaves of a text. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

const signalSchema = z.object({
  name: z.string(),
  raw: z.number(),
  weight: z.number(),
  contribution: z.number(),
  found: text,
});

const opinionSchema = z.object({
  outcome: z.enum([
    ...(["decided", "timeout", "unreachable", "missing_model", "refused", "unreadable", "thinking"] as const),
    ...(["outside", "starting", "away", "busy", "share", "no_time", "stopping"] as const),
  ]),
  words: text,
  from: z.enum(["model", "cache", "shared"]).nullable(),
  tookMs: z.number(),
  costUsd: z.number().nullable(),
});

/** The steps of a stored trace: those of a decision, but for the candidates, which have a column of their own. */
const stepSchema = z.discriminatedUnion("step", [
  z.object({
    step: z.literal("read"),
    wire: z.string(),
    notes: z.array(z.object({ path: z.string(), note: z.string() })),
  }),
  z.object({
    step: z.literal("resolve"),
    requested: z.string(),
    as: z.string(),
    because: text,
    via: z.array(z.string()),
  }),
  z.object({
    step: z.literal("kind"),
    category: z.enum(CATEGORIES),
    language: z.enum(LANGUAGE_CODES).nullable(),
  }),
  z.object({ step: z.literal("moment"), at: z.iso.datetime() }),
  z.object({ step: z.literal("ask"), inputTokens: z.number() }),
  z.object({ step: z.literal("overrides"), taken: z.array(z.string()), ignored: z.array(z.string()) }),
  z.object({
    step: z.literal("rules"),
    matched: z.array(z.string()),
    near: z.array(z.object({ rule: z.string(), failed: z.string() })),
  }),
  z.object({
    step: z.literal("classify"),
    strategy: z.enum(STRATEGIES),
    configured: z.enum(CONFIGURED),
    instead: z.string().nullable(),
    score: z.number(),
    confidence: z.number().nullable(),
    signals: z.array(signalSchema),
  }),
  opinionSchema.extend({ step: z.literal("llm") }),
  z.object({ step: z.literal("conversation"), turns: z.array(z.string().nullable()), tier: z.string() }),
  z.object({
    step: z.literal("cache"),
    from: z.string(),
    to: z.string(),
    calls: z.number(),
    savingUsd: z.number(),
    rereadUsd: z.number(),
    held: z.boolean(),
  }),
  z.object({
    step: z.literal("raise"),
    by: z.enum(["phrase", "repeat"]),
    found: text,
    from: z.string(),
    to: z.string(),
  }),
  z.object({
    step: z.literal("explore"),
    from: z.string(),
    to: z.string(),
    tiers: z.array(z.object({ tier: z.string(), chance: z.number() })),
    draw: z.number(),
    propensity: z.number(),
  }),
  z.object({
    step: z.literal("rollout"),
    group: z.enum(["policy", "control"]),
    percent: z.number(),
    draw: z.number(),
  }),
  z.object({ step: z.literal("tier"), tier: z.string(), because: text }),
  z.object({ step: z.literal("response"), model: z.string(), refusal: z.string().nullable() }),
  z.object({ step: z.literal("loop"), from: z.string(), to: z.string(), because: text }),
  z.object({ step: z.literal("candidates"), pick: z.enum(PICKS), draw: z.number().exactOptional() }),
  z.object({ step: z.literal("output"), model: z.string(), asked: z.number(), limit: z.number() }),
  z.object({ step: z.literal("mode"), mode: z.enum(["enforce", "shadow", "off"]), rewrite: z.boolean() }),
]);

/** A step as it is stored. */
export type StoredStep = z.output<typeof stepSchema>;

/** Reads a step; none where it is of another version, whose steps are others. */
export function readStep(step: unknown): StoredStep[] {
  const result = stepSchema.safeParse(step);
  return result.success ? [result.data] : [];
}

/** A step as it was when it was decided. */
export function toTraceStep(step: StoredStep, candidates: readonly Candidate[]): TraceStep {
  return step.step === "candidates" ? { ...step, candidates } : step;
}
