import { readFileSync } from "node:fs";
import { type DocumentOptions, type ParseOptions, parse, type SchemaOptions } from "yaml";
import { z } from "zod";
import { CliError, EXIT } from "../cli-error.ts";
import { chats, PROVIDERS, type Rank, rankOf } from "./known-models.ts";

/** An entry of `model_list` to be written. */
export interface FoundModel {
  readonly name: string;
  readonly rank: Rank;
  /** It answers messages; what makes embeddings, pictures or speech does not. */
  readonly chats: boolean;
  /** `litellm_params` as LiteLLM reads it. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Everything else of an entry that was there before. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface Found {
  readonly models: readonly FoundModel[];
  /** Where they come from, in words. */
  readonly sources: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const configSchema = z.object({
  model_list: z.array(
    z.looseObject({
      model_name: z.string().min(1),
      litellm_params: z.looseObject({ model: z.string().min(1) }),
      model_info: z.looseObject({ mode: z.string().optional().catch(undefined) }).optional(),
    }),
  ),
});

/**
 * Reads the models of a LiteLLM configuration.
 *
 * @throws {CliError} where it has none that can be read; without a word of the file, which may hold keys.
 */
export function modelsOfConfig(file: string): Found {
  const entries = readConfig(file).filter(({ litellm_params: { model } }) => !isRouter(model));
  const models = entries.map(({ model_name: name, litellm_params: params, ...rest }) => {
    const { model } = params;
    return { name, rank: rankOf(model), chats: chats(model, rest.model_info?.mode), params, rest };
  });
  if (models.some((model) => model.chats && !model.name.includes("*"))) return { models, sources: [file] };
  throw new CliError(
    EXIT.misused,
    `Cannot begin: found no model that chats and has a name of its own in ${file}, expected one`,
  );
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

function readConfig(file: string): z.output<typeof configSchema>["model_list"] {
  try {
    return configSchema.parse(parse(readFileSync(file, "utf8"), AS_LITELLM)).model_list;
  } catch (error) {
    const found = error instanceof Error && "code" in error ? String(error.code) : "something else";
    const message = `Cannot read ${file}: found ${found}, expected a LiteLLM configuration with a model_list`;
    throw new CliError(EXIT.misused, message);
  }
}

/** LiteLLM's own routers: a decision was made for them already. */
const isRouter = (deployment: string) => deployment.startsWith("auto_router/");

/** Models of the providers whose keys are set, and of an Ollama that runs on this machine. */
export async function modelsOfMachine(env: Environment): Promise<Found> {
  const local = await modelsOfOllama(env.OLLAMA_BASE_URL || OLLAMA_URL);
  const set = PROVIDERS.filter(({ variable }) => env[variable]);
  // Nothing there: a file to fill in, which `npm start` runs with canned answers.
  const providers = set.length > 0 || local !== null ? set : PROVIDERS.slice(0, 2);
  const remote = providers.flatMap(({ variable, models }) => {
    return models.map(([name, model]) => {
      const params = { model, api_key: `os.environ/${variable}` };
      return { name, rank: rankOf(model), chats: true, params, rest: {} };
    });
  });
  return {
    models: local === null ? remote : [local, ...remote],
    sources: [...(local === null ? [] : ["Ollama on this machine"]), ...set.map(({ variable }) => variable)],
  };
}

const OLLAMA_URL = "http://127.0.0.1:11434";
/** An Ollama on this machine answers in milliseconds. */
const OLLAMA_TIMEOUT_MS = 1_000;

const tagsSchema = z.object({
  models: z.array(z.object({ name: z.string().regex(/^[\w./:-]{1,200}$/), size: z.number() })),
});

/** The largest model of Ollama that can chat; null where there is none. */
async function modelsOfOllama(url: string): Promise<FoundModel | null> {
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/api/tags`, {
      signal: AbortSignal.timeout(OLLAMA_TIMEOUT_MS),
    });
    const { models } = tagsSchema.parse(await response.json());
    const [largest] = models
      .filter(({ name }) => !/embed|minilm|bge/i.test(name))
      .sort((a, b) => b.size - a.size);
    if (largest === undefined) return null;
    const params = { model: `ollama_chat/${largest.name}`, api_base: url };
    return { name: "local", rank: 0, chats: true, params, rest: {} };
  } catch {
    return null;
  }
}
