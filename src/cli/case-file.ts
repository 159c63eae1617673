import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLError } from "yaml";
import { z } from "zod";
import { CliError, EXIT } from "./cli-error.ts";

const requestSchema = z
  .record(z.string(), z.unknown())
  .describe("A request body, or an envelope of POST /v1/route with the body under `body`");

/**
 * What a case may ask of a decision; `reason` is a part of the text, the rest must be equal. `rules` are those that
 * matched, `near` some of those that nearly did: "rule 2: tag".
 */
const wantedSchema = z.strictObject({
  model: z.string().optional(),
  requestedModel: z.string().optional(),
  baselineModel: z.string().nullable().optional(),
  tier: z.string().nullable().optional(),
  score: z.number().nullable().optional(),
  method: z.string().optional(),
  strategy: z.string().nullable().optional(),
  rewrite: z.boolean().optional(),
  virtual: z.boolean().optional(),
  mode: z.string().optional(),
  pick: z.string().optional(),
  propensity: z.number().optional(),
  candidates: z.array(z.string()).optional(),
  exploredFrom: z.string().nullable().optional(),
  category: z.string().nullable().optional(),
  language: z.string().nullable().optional(),
  rollout: z.enum(["policy", "control"]).nullable().optional(),
  reason: z.string().optional(),
  notes: z.array(z.string()).optional(),
  refused: z.array(z.string()).optional(),
  rules: z.array(z.string()).optional(),
  near: z.array(z.string()).optional(),
});

const caseSchema = z.strictObject({
  description: z.string().min(1),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Moment of the request; the start of 2026 if left out"),
  request: requestSchema,
  wanted: wantedSchema.refine(
    (wanted) => Object.keys(wanted).length > 0,
    "expected at least one wanted field",
  ),
});

const caseFileSchema = z.strictObject({
  policy: z.record(z.string(), z.unknown()).optional(),
  catalog: z.unknown().optional(),
  health: z
    .record(z.string(), z.strictObject({ latencyMs: z.number().optional(), rests: z.boolean().optional() }))
    .optional()
    .describe("How models did lately"),
  cases: z.array(caseSchema).min(1),
});

export type DecisionCase = z.output<typeof caseSchema>;

/** A file of decision cases; without a policy of its own it is run under gateway.yaml. */
export interface CaseFile extends z.output<typeof caseFileSchema> {
  readonly path: string;
}

/**
 * Reads every .yaml file of a folder, in the order of their names.
 *
 * @throws {CliError} where the folder holds none, or a file is no file of cases.
 */
export function readCaseFiles(folder: string): CaseFile[] {
  const names = namesIn(folder).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) {
    throw new CliError(
      EXIT.misused,
      `Cannot check cases: found no .yaml file in ${folder}, expected at least one`,
    );
  }
  return names.sort().map((name) => readCaseFile(join(folder, name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new CliError(EXIT.misused, `Cannot check cases: ${problemOf(error)}`, { cause: error });
  }
}

function readCaseFile(path: string): CaseFile {
  try {
    return { path, ...caseFileSchema.parse(parse(readFileSync(path, "utf8"))) };
  } catch (error) {
    throw new CliError(EXIT.misused, `Cannot read ${path}: ${problemOf(error)}`, { cause: error });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  }
  if (error instanceof YAMLError || error instanceof Error) return error.message;
  return String(error);
}
