import { z } from "zod";
import { HttpError } from "./http-error.ts";

/** For an endpoint whose path has no parameter, or that takes no query. */
export const noFields = z.strictObject({});

/** A whole number of a query, which arrives as digits. */
export function queryInt({ min, max }: { readonly min: number; readonly max: number }) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: "expected a whole number" })
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

/** Longest text of a query in characters: names and ids are far shorter. */
const MAX_TEXT = 512;

/** A name or an id of a query. PostgreSQL's text knows no NUL. */
export function queryText() {
  return z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .refine((text) => !text.includes("\0"), { error: "expected a text without NUL" });
}

/** A score of a query, 0 to 100. */
export function queryScore() {
  return z
    .string()
    .regex(/^\d{1,3}(?:\.\d{1,6})?$/, { error: "expected a number" })
    .transform(Number)
    .pipe(z.number().min(0).max(100));
}

/** A time of a query: a date is its midnight in UTC. */
export function queryTime() {
  return z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "expected a time such as 2026-01-31 or 2026-01-31T12:00:00Z",
  });
}

/** A yes or no of a query. */
export function queryFlag() {
  return z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .pipe(z.boolean());
}

/** Longest name of an unknown field that an error repeats, in characters. */
const MAX_NAME = 64;

/**
 * Reads a query by a strict schema.
 *
 * @throws {HttpError} that names what is wrong, and for an unknown field those that are known.
 */
export function parseQuery<Schema extends z.ZodObject>(schema: Schema, raw: unknown): z.output<Schema> {
  const result = schema.safeParse({ ...z.record(z.string(), z.unknown()).parse(raw) });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? unknownFields(issue.keys, Object.keys(schema.shape))
      : `${issue.path.join(".")}: ${issue.message}`,
  );
  throw new HttpError("invalid_request", `Cannot read the query: ${problems.join("; ")}`);
}

function unknownFields(found: readonly string[], known: readonly string[]): string {
  const names = found.slice(0, 1).map((name) => `"${name.slice(0, MAX_NAME)}"`);
  return `found ${names.join()}, expected ${known.length === 0 ? "no query" : known.join(", ")}`;
}

/** A field of a query or a path, for its documentation. */
interface Field {
  readonly name: string;
  readonly required: boolean;
  /** Schema of the value once it is read: a whole number, where digits are sent. */
  readonly json: Readonly<z.core.JSONSchema.BaseSchema>;
}

/** Lists the fields of a schema as its documentation shows them. */
export function fieldsOf(schema: z.ZodObject | null): Field[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { $schema, ...json } = z.toJSONSchema(field, { io: "output", unrepresentable: "any" });
    return { name, required: !field.safeParse(undefined).success, json };
  });
}
