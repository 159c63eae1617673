import { z } from "zod";
import type { Explanation } from "./explanation.ts";
import { changeInWords, type Told } from "./flip-words.ts";
import type { Flip } from "./flips.ts";
import type { NearRule } from "./near-rules.ts";

const KINDS = [
  "score",
  "without_rule",
  "with_rule",
  "able",
  "without_headers",
  "without_history",
  "without_raise",
  "without_hold",
  "without_lot",
] as const;

const flipSchema = z.strictObject({
  change: z.enum(KINDS).describe("What would have been otherwise; docs/explain.md says what each is"),
  score: z.number().nullable().describe("The score that it takes, where the score changes"),
  rule: z.string().nullable().describe("The rule that is left out, or that matches"),
  refused_model: z.string().nullable().describe("The model that could take the request"),
  words: z.string().describe("The change for people"),
  tier: z.string().nullable().describe("The tier that would have served"),
  model: z.string().describe("The model that would have served"),
  by_score: z.number().nullable().describe("The score that the tier goes by then; null where none does"),
});

/** What would have led to another decision, as it is answered. */
export const explanationSchema = z.strictObject({
  flips: z
    .array(flipSchema)
    .describe(
      "Changes that lead to another tier or model, each tried by deciding again: the nearest scores first",
    ),
  near_rules: z
    .array(
      z.strictObject({
        rule: z.string(),
        condition: z.string().describe("The one condition that did not hold"),
        wanted: z.string().nullable().describe("What it asks for"),
        found: z.string().nullable().describe("What the request has"),
        flip: flipSchema
          .nullable()
          .describe("Where it would have led; null where that is no other tier or model, or not known"),
        known: z.boolean().describe("Whether it is known where it would have led"),
      }),
    )
    .describe("Rules of which all conditions but one held"),
  notes: z.array(z.string()).describe("What plays no part here or cannot be told"),
});

type ExplanationJson = z.input<typeof explanationSchema>;

/** An explanation as it is answered. */
export function explanationJson({ flips, nearRules, notes }: Explanation, told: Told): ExplanationJson {
  return {
    flips: flips.map((flip) => flipJson(flip, told)),
    near_rules: nearRules.map((near) => nearJson(near, told)),
    notes: [...notes],
  };
}

function flipJson({ change, tier, model, score }: Flip, told: Told): ExplanationJson["flips"][number] {
  return {
    change: change.kind,
    score: change.kind === "score" ? change.score : null,
    rule: "rule" in change ? change.rule : null,
    refused_model: change.kind === "able" ? change.model : null,
    words: changeInWords(change, told),
    tier,
    model,
    by_score: score,
  };
}

function nearJson({ flip, isKnown, ...near }: NearRule, told: Told): ExplanationJson["near_rules"][number] {
  return { ...near, flip: flip === null ? null : flipJson(flip, told), known: isKnown };
}
