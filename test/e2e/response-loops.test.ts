import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { act, changedConfig, recover } from "./support/act.ts";
import { ask, openKey, post } from "./support/ask.ts";
import { callsOf, wireModel } from "./support/calls.ts";
import { promptOf } from "./support/prompts.ts";

/** Calls of a loop after the human's turn. */
const STEPS = 5;
const TOOLS: OpenAI.Responses.FunctionTool[] = [
  { type: "function", name: "look", parameters: { type: "object", properties: {} }, strict: false },
];
const client = new OpenAI({ baseURL: `${inject("stack").litellmUrl}/v1`, apiKey: openKey, maxRetries: 0 });

/** Has `extra` lead the dearest tier: the other one's provider has no Responses API, nor stores any response. */
async function leadBy(models: string): Promise<void> {
  await act("stop");
  await recover(
    await changedConfig("models: [large, extra], pick: first", `models: [${models}], pick: first`),
  );
}

beforeAll(() => leadBy("extra, large"));
afterAll(async () => {
  await act("stop");
  await recover();
});

/** What a tool answered to a response, with the marker of its conversation. */
function outputOf(response: OpenAI.Responses.Response, text: string): OpenAI.Responses.ResponseInput {
  const call = response.output.find((item) => item.type === "function_call");
  if (call === undefined) throw new Error("Cannot go on: found no call of a tool in the response");
  return [{ type: "function_call_output", call_id: call.call_id, output: text }];
}

/** The id of a response, as the last event of its stream tells it. */
async function streamedId(
  asked: Pick<OpenAI.Responses.ResponseCreateParams, "input" | "previous_response_id">,
): Promise<string> {
  const stream = await client.responses.create({ model: "auto", tools: TOOLS, stream: true, ...asked });
  const ids = await Array.fromAsync(stream, (event) => ("response" in event ? event.response.id : null));
  return ids.at(-1) ?? "";
}

describe("a tool loop of the official SDK that sends previous_response_id", () => {
  test.each([
    ["extra", "extra, large"],
    ["large", "large, extra"],
  ])("stays with %s, also through a restart of the sidecar", { timeout: 180_000 }, async (model, models) => {
    await leadBy(models);
    const { prompt, marker } = promptOf("complex");
    let response = await client.responses.create({
      model: "auto",
      tools: TOOLS,
      input: `${prompt} use the tool`,
    });
    for (let step = 1; step <= STEPS; step += 1) {
      if (step === 3) await leadBy(models);
      const { data, response: http } = await client.responses
        .create({
          model: "auto",
          tools: TOOLS,
          previous_response_id: response.id,
          input: outputOf(response, `${marker} ${step}${step < STEPS ? ", use the tool" : ""}`),
        })
        .withResponse();
      response = data;
      expect(http.headers.get("x-signalbox-model")).toBe(model);
      expect(http.headers.get("x-signalbox-tier")).toBe("complex");
      expect(http.headers.get("x-signalbox-reason")).toContain("what wrote the response before goes on");
    }
    expect(response.output_text).toBe(`answered by ${wireModel(model)}`);
    const calls = await callsOf(marker);
    expect(calls.map((call) => call.model)).toEqual(Array(STEPS + 1).fill(wireModel(model)));
  });

  test("stays while it streams", async () => {
    await leadBy("extra, large");
    const { prompt, marker } = promptOf("complex");
    let id = await streamedId({ input: prompt });
    for (let step = 1; step <= STEPS; step += 1) {
      const output = {
        type: "function_call_output",
        call_id: "call_1",
        output: `${marker} ${step}`,
      } as const;
      id = await streamedId({ previous_response_id: id, input: [output] });
    }
    const models = (await callsOf(marker)).map(({ model }) => model);
    expect(models).toEqual(Array(STEPS + 1).fill(wireModel("extra")));
  });

  test("is decided anew at the next human turn, among the provider's models", async () => {
    const first = await client.responses.create({ model: "auto", input: promptOf("complex").prompt });
    const { prompt, marker } = promptOf("simple");
    await client.responses.create({ model: "auto", previous_response_id: first.id, input: prompt });
    expect((await callsOf(marker)).map(({ model }) => model)).toEqual([wireModel("small")]);
  });
});

describe("a response id of somebody else", () => {
  /** Goes on from a response with the key of another, whose rights are two models. */
  async function goOnFrom(id: string) {
    const { marker } = promptOf("simple");
    const input = [{ type: "function_call_output", call_id: "call_1", output: marker }];
    const headers = { authorization: "Bearer sk-e2e-two" };
    const reply = await post("/v1/responses", { model: "auto", previous_response_id: id, input }, headers);
    return { reply, models: (await callsOf(marker)).map(({ model }) => model) };
  }

  test("leads no key to a model that it may not call: the next of the ladder serves", async () => {
    const { id } = await client.responses.create({ model: "extra", input: "hello" });
    const { reply, models } = await goOnFrom(id);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.decision("reason")).toContain("model extra");
    expect(models).toEqual([wireModel("medium")]);
  });

  test("is refused where only models that the key may not call can read it", async () => {
    const { id } = await client.responses.create({ model: "large", input: "hello" });
    const { reply, models } = await goOnFrom(id);
    expect(reply.status, reply.text).toBe(403);
    expect(reply.text).toContain("this key may call none of the models");
    expect(models).toEqual([]);
  });

  test.each(["extra", "large"])("that a client made up for %s is refused by LiteLLM", async (model) => {
    const { prompt } = promptOf("simple");
    const deployment = (await ask({ api: "chat", model, prompt })).header("x-litellm-model-id");
    const provider = model === "large" ? "anthropic" : "openai";
    const made = `litellm:custom_llm_provider:${provider};model_id:${deployment};response_id:resp_1`;
    const { reply, models } = await goOnFrom(`resp_${Buffer.from(made).toString("base64")}`);
    expect(reply.status, reply.text).toBe(403);
    expect(models).toEqual([]);
  });
});
