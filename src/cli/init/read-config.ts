import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type DocumentOptions, type ParseOptions, parse, type SchemaOptions } from "yaml";
import { z } from "zod";
import { CliError, EXIT } from "../cli-error.ts";

const textOrNone = z.string().min(1).optional().catch(undefined);

const configSchema = z.object({
  include: z.array(z.string()).default([]),
  model_list: z
    .array(
      z.looseObject({
        model_name: z.string().min(1),
        litellm_params: z.looseObject({ model: z.string().min(1) }),
        model_info: z.looseObject({ mode: textOrNone, base_model: textOrNone }).optional(),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});

type ConfigFile = z.output<typeof configSchema>;

/** An entry of a LiteLLM configuration's model_list. */
export type ConfigEntry = ConfigFile["model_list"][number];

/** The entries of a LiteLLM configuration, and the files that hold them. */
export interface Config {
  readonly entries: ConfigFile["model_list"];
  readonly files: readonly string[];
}

/**
 * Reads `model_list` of a LiteLLM configuration and of what it includes: a file's own entries first, as LiteLLM does.
 *
 * @param out a file that is to be written, and is left out.
 * @throws {CliError} where a file cannot be read, or none holds a model; without a word of the file.
 */
export function readConfig(file: string, out: string): Config {
  const seen = new Set([resolve(out)]);
  const parts = readParts(file, file, seen).filter(({ entries }) => entries.length > 0);
  if (parts.length === 0) throw unreadable(file, "something else");
  return { entries: parts.flatMap(({ entries }) => entries), files: parts.map(({ path }) => path) };
}

/** The files that a LiteLLM configuration includes itself, as absolute paths. */
export function includesOf(file: string): readonly string[] {
  return readFile(file).include.map((name) => resolve(besideOf(file, name)));
}

interface Part {
  readonly path: string;
  readonly entries: ConfigFile["model_list"];
}

function readParts(path: string, root: string, seen: Set<string>): readonly Part[] {
  if (seen.has(resolve(path))) return [];
  seen.add(resolve(path));
  const { include, model_list: entries } = readFile(path);
  return [{ path, entries }, ...include.flatMap((name) => readParts(locate(name, path, root), root, seen))];
}

/** Beside the file that includes it, else beside the first one. */
function locate(name: string, from: string, root: string): string {
  const beside = besideOf(from, name);
  const besideRoot = besideOf(root, name);
  return existsSync(besideRoot) && !existsSync(beside) ? besideRoot : beside;
}

function besideOf(file: string, name: string): string {
  return isAbsolute(name) ? name : join(dirname(file), name);
}

/** LiteLLM reads YAML 1.1, where `yes` is true and `<<` merges, but takes a lone y or n for text. */
const AS_LITELLM: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  // An account of 18 digits is no rounded number.
  intAsBigInt: true,
  customTags: (tags) => [
    { tag: "tag:yaml.org,2002:str", default: true, test: /^[yn]$/i, resolve: (text: string) => text },
    ...tags,
  ],
};

function readFile(file: string): ConfigFile {
  try {
    return configSchema.parse(parse(readFileSync(file, "utf8"), AS_LITELLM));
  } catch (error) {
    throw unreadable(file, error instanceof Error && "code" in error ? String(error.code) : "something else");
  }
}

function unreadable(file: string, found: string): CliError {
  const message = `Cannot read ${file}: found ${found}, expected a LiteLLM configuration with a model_list`;
  return new CliError(EXIT.misused, message);
}
