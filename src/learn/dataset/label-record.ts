import { z } from "zod";
import type { Parsed } from "../outcomes.ts";
import { parseDecimal } from "./decimal.ts";

/** What somebody says of a logged decision, or of every logged decision with a prompt. */
export interface Label {
  readonly about: { readonly decisionId: string } | { readonly prompt: string };
  /** Who answered, and how well, 0..1; null where only a tier is told. */
  readonly answer: { readonly model: string; readonly score: number } | null;
  /** The tier that would have been right, null where none is told. */
  readonly tier: string | null;
}

/** What a label may say. */
export const LABEL_FIELDS = ["decision_id", "prompt", "model", "score", "tier"] as const;

/** Longest model or tier name of a label, in UTF-16 code units. */
const MAX_NAME_CHARS = 256;

/** What is empty in CSV is left out. */
const leftOut = z.literal("").transform(() => undefined);
const name = z
  .string()
  .min(1)
  .max(MAX_NAME_CHARS)
  // PostgreSQL's text knows none.
  .refine((text) => !text.includes("\0"), "expected a name without NUL")
  .or(leftOut)
  .nullish();
const score = z
  .union([z.number(), z.stringFormat("number", /^\d*[.,]?\d+(?:e-?\d+)?$/i).transform(parseDecimal)])
  .pipe(z.number().refine((value) => value >= 0 && value <= 1, "expected a number in 0..1"));

const recordSchema = z
  .strictObject({
    decision_id: z.uuid().or(leftOut).nullish(),
    prompt: z.string().nullish(),
    model: name,
    score: z.union([score, leftOut], "expected a number in 0..1").nullish(),
    tier: name,
  })
  .superRefine(({ decision_id, prompt, model, score: found, tier }, context) => {
    const expect = (isMet: boolean, message: string) => {
      if (!isMet) context.addIssue({ code: "custom", message });
    };
    expect(isGiven(decision_id) !== isGiven(prompt), "expected either decision_id or prompt");
    expect((model == null) === (found == null), "expected model and score together");
    expect(model != null || tier != null, "expected model and score, or tier, or all three");
  });

function isGiven(value: string | null | undefined): boolean {
  return value != null && value !== "";
}

/** Reads a record of a labels file: `{decision_id | prompt, model, score[, tier]}`; values of CSV are texts. */
export function parseLabel(record: unknown): Parsed<Label> {
  const result = recordSchema.safeParse(record);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path.join(".") ?? "";
    return { ok: false, problem: `${path === "" ? "" : `${path}: `}${issue?.message ?? "wrong"}` };
  }
  const { decision_id, prompt, model, score: found, tier } = result.data;
  return {
    ok: true,
    value: {
      about: decision_id ? { decisionId: decision_id.toLowerCase() } : { prompt: prompt ?? "" },
      answer: model == null || found == null ? null : { model, score: found },
      tier: tier ?? null,
    },
  };
}
