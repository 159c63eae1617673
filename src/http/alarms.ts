import type { Status } from "./status.ts";

/** What an operator should look at now, of all that the status tells; a sentence each. */
export function alarmsOf({ policy, log, callback, classifier }: Omit<Status, "alarms">): string[] {
  const { instead, llm } = classifier;
  return [
    ...policy.last_errors.map((error) => `gateway.yaml is not in force: ${error}`),
    ...log.alarms,
    ...[instead, llm?.trouble ?? null].filter((trouble) => trouble !== null),
    ...(callback.self_test?.missing ?? []).map(
      (name) => `LiteLLM lacks ${name}: the callback was made for another version`,
    ),
    ...restartsOf(callback),
    ...policy.restart_needed.map((key) => `Restart Signalbox: ${key} of gateway.yaml changed`),
  ];
}

/** What LiteLLM does not know of gateway.yaml yet. */
function restartsOf({
  restart_litellm: models,
  model_list_changed_at: changedAt,
}: Status["callback"]): string[] {
  if (models.length > 0) {
    return [`LiteLLM does not serve ${models.join(", ")} as gateway.yaml says: set their keys, restart it`];
  }
  return changedAt === null ? [] : ["Restart LiteLLM: model_list of gateway.yaml changed"];
}
