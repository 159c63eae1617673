import { type Api, ask, type Reply } from "./ask.ts";
import { callsOf, wireModel } from "./calls.ts";
import { promptOf } from "./prompts.ts";

/** Requests that a crowd has in flight at once. */
export const crowdSize = 60;

/** One of the crowd: what it asked for, and what became of it. */
export interface Member {
  readonly model: string;
  readonly marker: string;
  readonly reply: Reply;
}

/** Virtual names, with the model that serves each with the sidecar's decision, and by its backing. */
const served: Readonly<Record<string, { readonly decided: string; readonly backing: string }>> = {
  auto: { decided: "small", backing: "medium" },
  "claude-x": { decided: "small", backing: "medium" },
  helper: { decided: "side", backing: "side" },
  opus: { decided: "large", backing: "large" },
};

const apis: readonly Api[] = ["chat", "messages", "responses"];

/**
 * Sends 60 requests at once: every virtual name, on three APIs, plain and streaming, all with simple prompts.
 * `meanwhile` runs when the first answers are back and the others are in flight.
 */
export async function sendCrowd(
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<readonly Member[]> {
  const names = Object.keys(served);
  const { promise: underWay, resolve: markUnderWay } = Promise.withResolvers<void>();
  const members = Array.from({ length: crowdSize }, async (_, index): Promise<Member> => {
    const model = names[index % names.length] ?? "auto";
    const api = apis[index % apis.length] ?? "chat";
    const member = await askAs({ api, stream: index % 2 === 0, model });
    markUnderWay();
    return member;
  });
  const [all] = await Promise.all([Promise.all(members), underWay.then(meanwhile)]);
  return all;
}

/**
 * LiteLLM 1.106.2 fails a request of /v1/messages, once in some thousands, when its logging thread puts
 * `hidden_params` into the metadata that its event loop runs over (add_missing_spend_metadata_to_litellm_metadata):
 * with or without a callback.
 */
const litellmsOwnRace = "dictionary changed size during iteration";

async function askAs(question: { api: Api; stream: boolean; model: string }): Promise<Member> {
  const { prompt, marker } = promptOf("simple");
  const reply = await ask({ ...question, prompt });
  if (reply.status === 500 && reply.text.includes(litellmsOwnRace)) return askAs(question);
  return { model: question.model, marker, reply };
}

/** Whether every one was answered, in words that name those who were not. */
export function failuresOf(members: readonly Member[]): readonly string[] {
  return members
    .filter(({ reply }) => reply.status !== 200 || !reply.text.includes("wire"))
    .map(({ model, reply }) => `${model}: ${reply.status} ${reply.text.slice(0, 200)}`);
}

/** The models that providers were asked for instead of the decision's or the backing's; empty where all is right. */
export async function strayCalls(
  members: readonly Member[],
  allowed: readonly ("decided" | "backing")[],
): Promise<readonly string[]> {
  const strays = members.map(async ({ model, marker }) => {
    const wanted = allowed.map((kind) => wireModel(served[model]?.[kind] ?? model));
    const called = (await callsOf(marker)).map((call) => call.model ?? "none");
    return called.length === 1 && wanted.includes(called[0] ?? "")
      ? []
      : [`${model}: ${called.join(" and ")}`];
  });
  return (await Promise.all(strays)).flat();
}

/** The longest that anybody of the crowd waited, in milliseconds. */
export function longestWaitMs(members: readonly Member[]): number {
  return Math.max(...members.map(({ reply }) => reply.tookMs));
}
