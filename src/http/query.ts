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
