import type { World } from "./eligible.ts";

/** Names that LiteLLM takes without the provider in front, by their beginning. */
const BARE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^claude/, "anthropic"],
  [/^(?:gpt-|chatgpt-|o\d)/, "openai"],
  [/^gemini-/, "vertex_ai"],
];

/** What people, and the clients of an older gateway, call a provider that LiteLLM has under another name. */
const PLAIN_NAMES: ReadonlyMap<string, string> = new Map([
  ["ollama_chat", "ollama"],
  ["together_ai", "together"],
]);

/** Providers of LiteLLM that are servers of one's own. */
const OWN_SERVERS: ReadonlySet<string | null> = new Set([
  ...["ollama", "ollama_chat", "lm_studio", "llamafile", "hosted_vllm", "vllm", "xinference"],
  ...["docker_model_runner", "lemonade"],
]);

/** LiteLLM's name of the provider that serves a model: `openai` of `openai/gpt-5-mini`; null where it is not known. */
export function providerOf(model: string, world: World): string | null {
  const deployment = deploymentOf(model, world);
  if (deployment === null) return null;
  const slash = deployment.indexOf("/");
  if (slash > 0) return deployment.slice(0, slash);
  return BARE_NAMES.find(([start]) => start.test(deployment))?.[1] ?? null;
}

/** The names by which the provider of a model can be asked for; none where it is not known. */
export function providerNames(model: string, world: World): readonly string[] {
  const provider = providerOf(model, world);
  if (provider === null) return [];
  const plain = PLAIN_NAMES.get(provider);
  return plain === undefined ? [provider] : [provider, plain];
}

/** Whether a model runs on hardware of one's own: as the file says, else as its provider tells. */
export function isLocal(model: string, world: World): boolean {
  return world.policy.traits.get(model)?.local ?? OWN_SERVERS.has(providerOf(model, world));
}

/** `litellm_params.model` of a model; null where neither LiteLLM nor the file lists it. */
export function deploymentOf(model: string, { policy, catalog }: World): string | null {
  return catalog?.models.get(model)?.deployment ?? policy.models.get(model)?.deployment ?? null;
}
