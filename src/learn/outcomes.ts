import { z } from "zod";

/** What a model reached on a prompt. */
export interface ModelOutcome {
  /** 0..1, higher is better. */
  readonly quality: number;
  /** Of that call; null where unknown. */
  readonly costUsd: number | null;
}

/** A prompt with what models really reached on it. */
export interface OutcomeLine {
  readonly id: string;
  /** The collection that it is from. */
  readonly suite: string;
  /** The kind of work, within its suite. */
  readonly group: string;
  /** A lone prompt; "" where a whole request is given. */
  readonly prompt: string;
  /** The body of a request, null where a lone prompt is given. */
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly models: ReadonlyMap<string, ModelOutcome>;
}

/** Name of what has none. */
const UNNAMED = "all";

const outcomeSchema = z.tuple(
  [z.number().min(0).max(1), z.number().nonnegative().nullable()],
  "expected [score 0..1, cost in USD or null]",
);

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  suite: z.string().default(UNNAMED),
  group: z.string().default(UNNAMED),
  prompt: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  models: z.record(z.string(), outcomeSchema),
});

/** A line as read, or what is wrong with it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** Reads a line of an outcomes file: `{id, suite?, group?, prompt | body, models: {model: [score, cost]}}`. Other keys are ignored. */
export function parseOutcomeLine(line: string): Parsed<OutcomeLine> {
  const parsed = parseJsonLine(line, lineSchema);
  return parsed.ok ? toOutcomeLine(parsed.value) : parsed;
}

/** Reads such a line that is JSON already. */
export function parseOutcome(record: unknown): Parsed<OutcomeLine> {
  const parsed = parseWith(record, lineSchema);
  return parsed.ok ? toOutcomeLine(parsed.value) : parsed;
}

function toOutcomeLine({ prompt, body, models, ...line }: z.output<typeof lineSchema>): Parsed<OutcomeLine> {
  if (prompt === undefined && body === undefined) {
    return { ok: false, problem: "prompt: found none, expected prompt or body" };
  }
  const outcomes = Object.entries(models).map(
    ([model, [quality, costUsd]]) => [model, { quality, costUsd }] as const,
  );
  const { suite, group } = line;
  const asked = { prompt: prompt ?? "", body: prompt === undefined ? (body ?? null) : null };
  return { ok: true, value: { id: String(line.id), suite, group, ...asked, models: new Map(outcomes) } };
}

const scoreSchema = z.object({ id: z.union([z.string(), z.number()]), score: z.number() });

/** Reads a line of a scores file, as `signalbox score` writes it: `{id, score}`, a higher score = needs the strong model. */
export function parseScoreLine(line: string): Parsed<{ readonly id: string; readonly score: number }> {
  const parsed = parseJsonLine(line, scoreSchema);
  if (!parsed.ok) return parsed;
  return { ok: true, value: { id: String(parsed.value.id), score: parsed.value.score } };
}

function parseJsonLine<T>(line: string, schema: z.ZodType<T>): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { ok: false, problem: "found text that is no JSON, expected a JSON object" };
  }
  return parseWith(json, schema);
}

function parseWith<T>(json: unknown, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  return { ok: false, problem: `${issue?.path.join(".") || "line"}: ${issue?.message ?? "wrong"}` };
}
