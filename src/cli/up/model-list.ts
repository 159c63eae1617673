import { parse } from "yaml";
import { z } from "zod";

/** What `signalbox up` reads of a model_list entry; LiteLLM alone reads the rest. */
const modelListFile = z.object({
  model_list: z
    .array(
      z.object({
        model_name: z.string(),
        litellm_params: z.looseObject({ model: z.string(), api_key: z.unknown().optional() }),
      }),
    )
    .default([]),
});

type Entry = z.infer<typeof modelListFile>["model_list"][number];

const ENVIRONMENT_PREFIX = "os.environ/";

/** Providers whose key LiteLLM takes from `<PROVIDER>_API_KEY` where the entry names none. */
const PROVIDERS_WITH_IMPLIED_KEY = new Set([
  "anthropic",
  "cohere",
  "deepseek",
  "gemini",
  "groq",
  "mistral",
  "openai",
  "openrouter",
  "xai",
]);

type Environment = Readonly<Record<string, string | undefined>>;

/** Which variables of the environment the models of a gateway.yaml need. */
export interface ModelKeys {
  /** Every variable that an entry refers to, sorted. */
  readonly names: readonly string[];
  /** Those that are unset or empty, sorted. */
  readonly missing: readonly string[];
  /** Models of which no entry can be called, in order. */
  readonly unusable: readonly string[];
  /** No variable is set, and no model does without one. */
  readonly noneUsable: boolean;
}

/** Reads the `model_list` of a gateway.yaml that the policy's loader has accepted. */
export function findModelKeys(gatewayText: string, env: Environment): ModelKeys {
  const entries = readModelList(gatewayText);
  const needs = entries.map(neededVariables);
  const names = [...new Set(needs.flat())].sort();
  const usable = new Set(entries.filter((entry) => isUsable(entry, env)).map((entry) => entry.model_name));
  const all = new Set(entries.map((entry) => entry.model_name));
  return {
    names,
    missing: names.filter((name) => !isSet(name, env)),
    unusable: [...all].filter((name) => !usable.has(name)),
    noneUsable:
      names.length > 0 && names.every((name) => !isSet(name, env)) && needs.every((need) => need.length > 0),
  };
}

/**
 * Whether a deployment can be called: its key is set, or, where it names none, any variable that it refers to.
 * Other variables of it may be optional.
 */
export function isUsable(entry: Entry, env: Environment): boolean {
  const ofKey = environmentNames(entry.litellm_params.api_key);
  if (ofKey.length > 0) return ofKey.every((name) => isSet(name, env));
  const needed = neededVariables(entry);
  return needed.length === 0 || needed.some((name) => isSet(name, env));
}

function isSet(name: string, env: Environment): boolean {
  return (env[name] ?? "") !== "";
}

/** The entries of `model_list`, in order. */
export function readModelList(gatewayText: string): readonly Entry[] {
  return modelListFile.parse(parse(gatewayText)).model_list;
}

function neededVariables({ litellm_params }: Entry): readonly string[] {
  const named = Object.values(litellm_params).flatMap(environmentNames);
  if (named.length > 0 || litellm_params.api_key !== undefined) return named;
  const provider = litellm_params.model.split("/")[0] ?? "";
  return PROVIDERS_WITH_IMPLIED_KEY.has(provider) ? [`${provider.toUpperCase()}_API_KEY`] : [];
}

/** Variables named anywhere in a value, at any depth. */
export function environmentNames(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return value.startsWith(ENVIRONMENT_PREFIX) ? [value.slice(ENVIRONMENT_PREFIX.length)] : [];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(environmentNames);
}
