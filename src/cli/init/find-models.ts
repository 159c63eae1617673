import { z } from "zod";
import { CliError, EXIT } from "../cli-error.ts";
import { chats, PROVIDERS, type Rank, rankIn, rankOf } from "./known-models.ts";
import { type ConfigEntry, readConfig } from "./read-config.ts";

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
  /** Files of a LiteLLM configuration that hold them. */
  readonly files: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the models of a LiteLLM configuration, and of the files that it includes.
 *
 * @param out the file that is to be written; an `include` of it leads nowhere yet.
 * @throws {CliError} where it has none that can be read; without a word of the file, which may hold keys.
 */
export function modelsOfConfig(file: string, out: string): Found {
  const config = readConfig(file, out);
  const entries = config.entries.filter(({ litellm_params: { model } }) => !isRouter(model));
  const ranks = ranksOf(entries);
  const models = entries.map((entry) => {
    const { model_name: name, litellm_params: params, ...rest } = entry;
    const rank = ranks.get(name) ?? rankOf(name);
    return { name, rank, chats: chats(modelOf(entry), rest.model_info?.mode), params, rest };
  });
  if (models.some((model) => model.chats && !model.name.includes("*"))) {
    return { models, sources: config.files, files: config.files };
  }
  throw new CliError(
    EXIT.misused,
    `Cannot begin: found no model that chats and has a name of its own in ${file}, expected one`,
  );
}

/** What a deployment of Azure is called tells little: `base_model` is whose it is. */
const modelOf = ({ litellm_params, model_info }: ConfigEntry) =>
  model_info?.base_model ?? litellm_params.model;

/** By name: the deployments of one are one model, as strong as the strongest of those whose names speak of it. */
function ranksOf(entries: readonly ConfigEntry[]): ReadonlyMap<string, Rank> {
  const ranks = new Map<string, Rank>();
  for (const entry of entries) {
    const rank = rankIn(modelOf(entry)) ?? rankIn(entry.litellm_params.model);
    if (rank !== null && rank >= (ranks.get(entry.model_name) ?? 0)) ranks.set(entry.model_name, rank);
  }
  return ranks;
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
    files: [],
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
