import { z } from "zod";
import type { ModelOutcome, Parsed } from "../outcomes.ts";
import { parseDecimal } from "./decimal.ts";
import {
  ASKED_AGAIN_WEIGHT,
  CUT_ANSWER_WEIGHT,
  ESCALATED_WEIGHT,
  EXPECTED_TIER_WEIGHT,
  SILENCE_WEIGHT,
  THUMB_DOWN_WEIGHT,
  THUMB_UP_WEIGHT,
} from "./label-weights.ts";
import type { Need } from "./training-row.ts";

/** Columns of routing_training that are learned from. */
export const TRAINING_COLUMNS = [
  "id",
  "user_text",
  "features",
  "feature_version",
  "tier",
  "mode",
  "method",
  "key_hash",
  "conversation_id",
  "turn",
  "status",
  "resolved_model",
  "applied_model",
  "served_by",
  "fallback_depth",
  "cost_usd",
  "feedback_up",
  "feedback_down",
  "expected_tier",
  "labels",
] as const;

/** A logged decision, as routing_training has it, and what was said of it. */
export interface LogRecord {
  readonly id: string;
  readonly userText: string | null;
  readonly features: { readonly version: string; readonly numbers: Float32Array } | null;
  readonly keyHash: string | null;
  readonly conversationId: string | null;
  /** Number of the newest human turn, 1 for the first; null where it is not told. */
  readonly turn: number | null;
  readonly outcomes: ReadonlyMap<string, ModelOutcome>;
  readonly needs: readonly Need[];
  /** A tier by which something was said that counts for nothing, since the policy has none of that name; null where there is none. */
  readonly unknownTier: string | null;
}

/** CSV has texts for everything, and nothing for null. */
const text = z.string().nullish();
const name = z.preprocess((value) => (value === "" ? null : value), text);
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? parseJson(value) : value), schema);
const numberFrom = (parse: (text: string) => number) =>
  z.preprocess(
    (value) => (value === "" || value == null ? null : typeof value === "string" ? parse(value) : value),
    z.number().nullable(),
  );
/** "2,0" is two where decimals have a comma; "1,234" may be a thousand, and is refused. */
const whole = numberFrom((text) => Number(text.replace(/,0$/, "")));
const decimal = numberFrom(parseDecimal);
const count = whole.transform((value) => value ?? 0);

const recordSchema = z.object({
  id: z.uuid(),
  user_text: text,
  features: json(z.array(z.number().nullable()).nullish()),
  feature_version: name,
  tier: name,
  mode: name,
  method: name,
  key_hash: name,
  conversation_id: name,
  turn: whole,
  status: name,
  resolved_model: name,
  applied_model: name,
  served_by: name,
  fallback_depth: whole,
  cost_usd: decimal,
  feedback_up: count,
  feedback_down: count,
  expected_tier: name,
  labels: json(z.record(z.string(), z.number().nullable()).nullish()),
});

type Row = z.output<typeof recordSchema>;

/** What is no JSON is left to the schema to refuse; what is empty is null. */
function parseJson(value: string): unknown {
  if (value === "") return null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Reads a row of routing_training, from the database or from an export in any format.
 *
 * @param tiers names of the policy's tiers, cheapest first.
 */
export function parseLogRecord(record: unknown, tiers: readonly string[]): Parsed<LogRecord> {
  const result = recordSchema.safeParse(record);
  if (!result.success) {
    const [issue] = result.error.issues;
    return { ok: false, problem: `${issue?.path.join(".") || "row"}: ${issue?.message ?? "wrong"}` };
  }
  const row = result.data;
  return {
    ok: true,
    value: {
      id: row.id,
      userText: row.user_text ?? null,
      features: featuresOf(row),
      keyHash: row.key_hash ?? null,
      conversationId: row.conversation_id ?? null,
      turn: row.turn,
      outcomes: outcomesOf(row),
      needs: needsOf(row, tiers),
      unknownTier: unknownTierOf(row, tiers),
    },
  };
}

function featuresOf({ features, feature_version: version }: Row): LogRecord["features"] {
  if (features == null || version == null) return null;
  return { version, numbers: Float32Array.from(features, (value) => value ?? 0) };
}

const LABEL = "label:";

/** What labels say that models reached; what the call cost is known of the one that served it. */
function outcomesOf({ labels, cost_usd, ...row }: Row): Map<string, ModelOutcome> {
  const served = answererOf(row);
  const told = Object.entries(labels ?? {}).flatMap(([source, quality]) => {
    if (!source.startsWith(LABEL) || quality === null || quality < 0 || quality > 1) return [];
    const model = source.slice(LABEL.length);
    return [[model, { quality, costUsd: model === served ? cost_usd : null }] as const];
  });
  return new Map(told);
}

function needsOf(row: Row, tiers: readonly string[]): Need[] {
  const expected = stepOf(row.expected_tier, tiers);
  const told: Need[] =
    expected === null ? [] : [{ kind: "tier", value: expected, weight: EXPECTED_TIER_WEIGHT }];
  const served = isServedAsDecided(row) ? stepOf(row.tier, tiers) : null;
  return served === null ? told : [...told, ...feedbackOf(row, served), ...signalsOf(row, served)];
}

/** A named one that was renamed since; else the one that was decided on, where thumbs are about it. */
function unknownTierOf(row: Row, tiers: readonly string[]): string | null {
  const { expected_tier: named, tier, feedback_up, feedback_down } = row;
  if (named != null) return tiers.includes(named) ? null : named;
  const isRated = feedback_up !== feedback_down && isServedAsDecided(row);
  return tier != null && isRated && !tiers.includes(tier) ? tier : null;
}

/**
 * What people say of an answer is said of the model that gave it: another one in shadow mode, where the key may not use
 * the one that was decided on, and after a fallback.
 */
function isServedAsDecided(row: Row): boolean {
  return row.mode !== "shadow" && answererOf(row) === (row.resolved_model ?? null);
}

/** As far as anybody said; null after a fallback to one that is not named. */
function answererOf(
  row: Pick<Row, "served_by" | "applied_model" | "resolved_model" | "fallback_depth">,
): string | null {
  const isNamed = row.served_by != null || (row.fallback_depth ?? 0) === 0;
  return isNamed ? (row.served_by ?? row.applied_model ?? row.resolved_model ?? null) : null;
}

/** Where a tier is on the ladder: 0 is the cheapest, 1 the dearest; null where it is not on it. */
function stepOf(tier: string | null | undefined, tiers: readonly string[]): number | null {
  const at = tier == null ? -1 : tiers.indexOf(tier);
  if (at === -1) return null;
  return tiers.length > 1 ? at / (tiers.length - 1) : 0;
}

/** What the dearest tier served well or badly tells nothing of what a cheaper one had done. */
function feedbackOf({ feedback_up, feedback_down }: Row, served: number): Need[] {
  if (served === 1 || feedback_up === feedback_down) return [];
  return feedback_up > feedback_down
    ? [{ kind: "feedback", value: served, weight: THUMB_UP_WEIGHT }]
    : [{ kind: "feedback", value: 1, weight: THUMB_DOWN_WEIGHT }];
}

/** `implicit:error` is not among them: a provider that fails says nothing of the request. */
const SIGNALS: readonly (readonly [source: string, weight: number])[] = [
  ["implicit:escalated", ESCALATED_WEIGHT],
  ["implicit:asked_again", ASKED_AGAIN_WEIGHT],
  ["implicit:cut_answer", CUT_ANSWER_WEIGHT],
];

function signalsOf({ labels, status }: Row, served: number): Need[] {
  if (served === 1) return [];
  const found = SIGNALS.filter(([source]) => (labels?.[source] ?? 0) > 0);
  if (found.length > 0) return found.map(([, weight]) => ({ kind: "signal", value: 1, weight }));
  return status === "success" ? [{ kind: "silence", value: served, weight: SILENCE_WEIGHT }] : [];
}
