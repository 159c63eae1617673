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

/** Which variables of the environment the models of a gateway.yaml need. */
export interface ModelKeys {
  /** Every variable that an entry needs, sorted. */
  readonly names: readonly string[];
  /** Those that are unset or empty, sorted. */
  readonly missing: readonly string[];
  /** No model can be called: each needs a variable that is not set. */
  readonly noneUsable: boolean;
}

/** Reads the `model_list` of a gateway.yaml that the policy's loader has accepted. */
export function findModelKeys(
  gatewayText: string,
  env: Readonly<Record<string, string | undefined>>,
): ModelKeys {
  const needs = readModelList(gatewayText).map(neededVariables);
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const names = [...new Set(needs.flat())].sort();
  return {
    names,
    missing: names.filter((name) => !isSet(name)),
    noneUsable:
      needs.length > 0 && names.length > 0 && needs.every((need) => need.length > 0 && !need.some(isSet)),
  };
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
